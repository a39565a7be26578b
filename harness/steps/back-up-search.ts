import type { SearchBackupKind, SearchRestorePoint } from '../../domain/search-backup.ts';
import { backUpSearch as saveSearch } from '../../recovery/search-backup.ts';
import { backupOptions } from '../backup-options.ts';
import { need, type DrillContext } from '../context.ts';
import type { DrillStep } from '../definition.ts';
import { recordBackup } from '../record-backup.ts';
import { holdSearchBackup } from '../verifications.ts';

/** Backs the search server up, once a kind, as a part of the backup of everything, and verifies each backup. */
export function backUpSearch(kinds: readonly SearchBackupKind[]): DrillStep {
  return {
    name: 'back-up-search',
    title: `Back up the search server (${kinds.join(', ')}) and verify the backup`,
    phase: 'backup',
    async execute(context) {
      for (const kind of kinds) {
        const point = await takeSearch(context, kind);
        (context.state.searchBackups ??= []).push(point);
        tell(context, point);
        await verify(context, point);
      }
    },
  };
}

function take(context: DrillContext, kind: SearchBackupKind): Promise<SearchRestorePoint> {
  const { runbook } = context;
  const stack = need(context, 'stack');
  return saveSearch({
    source: stack.search,
    kind,
    compression: runbook.backup.compression,
    ...backupOptions(context),
  });
}

/** Backs the search up and keeps that in the record; `earlier` than the backup that the drill is about. */
export async function takeSearch(
  context: DrillContext,
  kind: SearchBackupKind,
  { earlier }: { earlier?: true } = {},
): Promise<SearchRestorePoint> {
  const work = (): Promise<SearchRestorePoint> => take(context, kind);
  // A server that is written to without a pause gives no backup.
  const point = await (context.state.markers?.quietly(work) ?? work());
  const { id, setId, coveredAt, durationMs, file, keySecrets, state } = point.manifest;
  recordBackup(context, {
    store: 'search',
    kind: `search ${kind}`,
    id,
    ...(setId !== undefined && { setId }),
    coveredAt,
    durationMs,
    sizeBytes: file.sizeBytes + keySecrets.sizeBytes,
    items: documentsOf(state),
    itemUnit: 'documents',
    ...(earlier && { earlier }),
  });
  return point;
}

function documentsOf({ indexes }: SearchRestorePoint['manifest']['state']): number {
  return Object.values(indexes).reduce((sum, { documents }) => sum + documents, 0);
}

function tell(context: DrillContext, { manifest: { kind, file, state } }: SearchRestorePoint): void {
  const documents = documentsOf(state);
  const bytes = file.sizeBytes.toLocaleString('en');
  context
    .progress()
    .info(
      `${documents.toLocaleString('en')} documents and ${state.keys.length} keys in ${bytes} bytes, encrypted (${kind})`,
    );
}

async function verify(context: DrillContext, restorePoint: SearchRestorePoint): Promise<void> {
  const { finding, holding } = await holdSearchBackup(context, restorePoint);
  if (holding) context.state.searchHolding = holding;
  context.judge([finding]);
}
