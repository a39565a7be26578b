import type { MaskedCopyObservation } from '../../checks/masking.ts';
import type { ScanResult } from '../../domain/masking.ts';
import type { DatabaseContent } from '../../domain/recovery.ts';
import type { SearchAccess } from '../../domain/service.ts';
import { clearedTables, observeMaskedColumns } from '../../masking/observe.ts';
import { policyProblems, readColumns } from '../../masking/policy.ts';
import { observeDatabase } from '../../recovery/observe-database.ts';
import { withPostgres } from '../../stack/clients.ts';
import { mergeScans, scanDatabase, scanLines, SourceDigests, type ScanOptions } from '../../masking/scan.ts';
import { need, type DrillContext } from '../context.ts';

/** What the scanner saw in the unmasked source, with keyed hashes of every personal value that it recognised. */
export interface SourceScan {
  result: ScanResult;
  digests: SourceDigests;
}

/** Scans the recovered, unmasked database. */
export async function scanSource(context: DrillContext): Promise<SourceScan> {
  const digests = new SourceDigests();
  const { connection } = need(context, 'database');
  const result = await scanDatabase({ ...scanOptions(context), connection, collect: digests });
  const { rowsScanned, canariesFound } = result;
  context.progress().info(`source: ${canariesFound.length} canaries found in ${rowsScanned.toLocaleString('en')} rows`);
  return { result, digests };
}

/** Scans the masked copy: every row of its database and every document of its search index. */
export async function scanStaging(context: DrillContext, { digests }: SourceScan): Promise<ScanResult> {
  const { postgres, search } = need(context, 'staging');
  const options = { ...scanOptions(context), sourceDigests: digests };
  const database = await scanDatabase({ ...options, connection: postgres.connection });
  const documents = await scanLines('index', documentLines(context, search.access), options);
  const merged = mergeScans([database, documents]);
  context
    .progress()
    .info(`copy: ${merged.canariesFound.length} canaries found in ${merged.rowsScanned.toLocaleString('en')} rows`);
  return merged;
}

/** What every scan of a run is told. The scanner knows the canaries and nothing of the masking policy. */
export function scanOptions(context: DrillContext): ScanOptions {
  const { clock, signal } = context;
  return { canaries: need(context, 'seed').canaries, clock, signal, progress: context.progress() };
}

async function* documentLines({ system }: DrillContext, access: SearchAccess): AsyncGenerator<string> {
  if (!system.searchDocuments) return;
  for await (const { line } of system.searchDocuments(access)) yield line;
}

/** Everything that the checks of a masked copy are told: both scans, both structures, and the policy's own claims. */
export async function observeMaskedCopy(
  context: DrillContext,
  source: SourceScan,
  after: ScanResult,
): Promise<MaskedCopyObservation> {
  const policy = context.runbook.masking;
  const { content } = need(context, 'restorePoint').manifest;
  return withPostgres(need(context, 'staging').postgres.connection, async (client) => {
    const columns = await readColumns(client);
    const masked = await observeDatabase(client);
    return {
      classified: { columns: columns.length, problems: policyProblems(policy, columns) },
      canaries: need(context, 'seed').canaries,
      before: source.result,
      after,
      source: { ...content, rows: rowCounts(content) },
      masked: { ...masked, rows: rowCounts(masked) },
      cleared: await clearedTables(client, policy),
      columns: await observeMaskedColumns(client, policy),
    };
  });
}

function rowCounts({ tables }: DatabaseContent): Record<string, number> {
  return Object.fromEntries(Object.entries(tables).map(([name, { rows }]) => [name, rows]));
}
