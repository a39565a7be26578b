import type { MaskedCopyObservation } from '../../checks/masking.ts';
import type { PlaceExtent, PlaceExtents, ScanResult } from '../../domain/masking.ts';
import type { PostgresConnection, SearchAccess } from '../../domain/service.ts';
import { beginSnapshot, databaseExtents } from '../../masking/extents.ts';
import { mergeScans, scanDatabase, scanDocuments, SourceDigests, type ScanOptions } from '../../masking/scan.ts';
import { searchClient, withPostgres } from '../../stack/clients.ts';
import { need, type DrillContext } from '../context.ts';
import { observeRolePasswords } from './masked-structure.ts';
import { scanOptions } from './scan-options.ts';
import { proveScanner } from './scanner-proof.ts';

/** A scan, and how much there was to be read at that moment. */
export interface MeasuredScan {
  result: ScanResult;
  extents: PlaceExtents;
}

/** What the scanner saw in the unmasked source, with keyed hashes of every personal value that it recognised. */
export interface SourceScan extends MeasuredScan {
  digests: SourceDigests;
}

/** Scans the recovered, unmasked database and the search index of production. */
async function scanSource(context: DrillContext): Promise<SourceScan> {
  const digests = new SourceDigests();
  const options = { ...scanOptions(context), collect: digests };
  const database = await measureDatabase(need(context, 'database').connection, options);
  const documents = await scanIndexes(context, need(context, 'search').access, options);
  const merged = merge(database, documents);
  say(context, 'source', merged.result);
  return { ...merged, digests };
}

/** Scans the masked copy: every row of its database and every document of its search index. */
async function scanStaging(context: DrillContext, { digests }: SourceScan): Promise<MeasuredScan> {
  const { postgres, search } = need(context, 'staging');
  const options = { ...scanOptions(context), sourceDigests: digests };
  const database = await measureDatabase(postgres.connection, options);
  const documents = await scanIndexes(context, search.access, options);
  const merged = merge(database, documents);
  say(context, 'copy', merged.result);
  return merged;
}

/** Scans a database in the same snapshot that its rows are counted in: an application may be at work on it. */
export async function measureDatabase(connection: PostgresConnection, options: ScanOptions): Promise<MeasuredScan> {
  return withPostgres(connection, async (client) => {
    const snapshot = await beginSnapshot(client);
    const extents = await databaseExtents(client);
    return { result: await scanDatabase({ ...options, connection, snapshot }), extents };
  });
}

/**
 * Scans every document of every index. How many there are is asked of the search server itself, so that an index the
 * system does not give is missed.
 */
export async function scanIndexes(
  { system }: Pick<DrillContext, 'system'>,
  access: SearchAccess,
  options: ScanOptions,
): Promise<MeasuredScan> {
  if (!system.searchDocuments) return { result: mergeScans([]), extents: {} };
  const { indexes } = await searchClient(access).getStats();
  const extents = Object.entries(indexes).map(([index, { numberOfDocuments }]): [string, PlaceExtent] => [
    `index:${index}`,
    { rows: numberOfDocuments, columns: 1 },
  ]);
  const result = await scanDocuments(system.searchDocuments(access), options);
  return { result, extents: Object.fromEntries(extents) };
}

function merge(...scans: MeasuredScan[]): MeasuredScan {
  return {
    result: mergeScans(scans.map(({ result }) => result)),
    extents: Object.assign({}, ...scans.map(({ extents }) => extents)),
  };
}

function say(context: DrillContext, name: string, { canariesFound, rowsScanned }: ScanResult): void {
  const rows = rowsScanned.toLocaleString('en');
  context.progress().info(`${name}: ${canariesFound.length} canaries found in ${rows} rows and documents`);
}

/** Everything that the checks of a masked copy are told: the copy as it was made, and both scans, the last thing of all. */
export async function observeMaskedCopy(context: DrillContext): Promise<MaskedCopyObservation> {
  const structure = need(context, 'maskedStructure');
  // What the application leaves behind is scanned as well: it must have been at work.
  need(context, 'stagingUsed');
  const scanner = await proveScanner(context);
  const before = await scanSource(context);
  context.state.sourceScan = before;
  const after = await scanStaging(context, before);
  return {
    ...structure,
    canaries: need(context, 'seed').canaries,
    scanner,
    before: before.result,
    after: after.result,
    extents: { before: before.extents, after: after.extents },
    rolePasswords: [...structure.rolePasswords, ...(await observeRolePasswords(context))],
  };
}
