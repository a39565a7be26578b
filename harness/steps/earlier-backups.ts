import { randomUUID } from 'node:crypto';
import { DrillError } from '../../domain/drill-error.ts';
import type { SearchBackupKind } from '../../domain/search-backup.ts';
import type { StoreName } from '../../domain/service.ts';
import { backupDatabase } from '../../recovery/backup-database.ts';
import { backupObjects } from '../../recovery/backup-objects.ts';
import { backUpSearch } from '../../recovery/search-backup.ts';
import { backupOptions } from '../backup-options.ts';
import { need, type DrillContext } from '../context.ts';
import type { DrillStep } from '../definition.ts';
import { objectsOf } from '../object-rows.ts';
import { recordBackup } from '../record-backup.ts';
import { until } from '../until.ts';

/** What is backed up once before the backups that the drill is about. */
export interface EarlierBackups {
  database?: true;
  objects?: true;
  search?: readonly SearchBackupKind[];
}

const writesWithinMs = 30_000;

/**
 * A backup of each store that is older than the one to recover from, with writes between the two: where there is one
 * only, the oldest is the newest, and choosing shows nothing. It is not verified: no recovery is to use it.
 */
export function earlierBackups({ database, objects, search = [] }: EarlierBackups): DrillStep {
  return {
    name: 'earlier-backups',
    title: 'Take an earlier backup, which the recovery must not choose, and write on',
    phase: 'backup',
    async execute(context) {
      const setId = need(context, 'backupSetId');
      context.state.backupSetId = randomUUID();
      const taken = [
        ...(database ? [await backUpTheDatabase(context)] : []),
        ...(objects ? [await backUpTheObjects(context)] : []),
      ];
      for (const kind of search) taken.push(await backUpTheSearch(context, kind));
      context.state.backupSetId = setId;
      context.state.earlierBackups = taken;
      const stores: StoreName[] = [
        ...(database ? (['postgres'] as const) : []),
        ...(objects ? (['objects'] as const) : []),
        ...(search.length > 0 ? (['search'] as const) : []),
      ];
      await writesInto(context, stores);
    },
  };
}

interface Taken {
  bucket: string;
  manifestKey: string;
}

async function backUpTheDatabase(context: DrillContext): Promise<Taken> {
  const { bucket, manifestKey, manifest } = await backupDatabase({
    source: need(context, 'stack').postgres,
    compression: context.runbook.backup.compression,
    ...backupOptions(context),
  });
  const items = Object.values(manifest.content.tables).reduce((sum, { rows }) => sum + rows, 0);
  recordBackup(context, {
    ...manifestFacts(manifest),
    store: 'postgres',
    kind: 'database dump',
    sizeBytes: manifest.dump.sizeBytes + manifest.roles.sizeBytes,
    items,
    itemUnit: 'rows',
    earlier: true,
  });
  return { bucket, manifestKey };
}

async function backUpTheObjects(context: DrillContext): Promise<Taken> {
  const { bucket, manifestKey, manifest } = await backupObjects({
    source: need(context, 'objects').access,
    buckets: objectsOf(context.system).buckets,
    folder: need(context, 'stack').folder,
    ...backupOptions(context),
  });
  const { counts } = manifest;
  recordBackup(context, {
    ...manifestFacts(manifest),
    store: 'objects',
    kind: 'objects',
    sizeBytes: counts.writtenBytes,
    items: counts.objects,
    itemUnit: 'objects',
    earlier: true,
  });
  return { bucket, manifestKey };
}

async function backUpTheSearch(context: DrillContext, kind: SearchBackupKind): Promise<Taken> {
  // A server that is written to without a pause gives no backup.
  const { bucket, manifestKey, manifest } = await need(context, 'markers').quietly(() =>
    backUpSearch({
      source: need(context, 'stack').search,
      kind,
      compression: context.runbook.backup.compression,
      ...backupOptions(context),
    }),
  );
  recordBackup(context, {
    ...manifestFacts(manifest),
    store: 'search',
    kind: `search ${kind}`,
    sizeBytes: manifest.file.sizeBytes + manifest.keySecrets.sizeBytes,
    items: Object.values(manifest.state.indexes).reduce((sum, { documents }) => sum + documents, 0),
    itemUnit: 'documents',
    earlier: true,
  });
  return { bucket, manifestKey };
}

function manifestFacts(manifest: { id: string; setId?: string | undefined; coveredAt: string; durationMs: number }) {
  const { id, setId, coveredAt, durationMs } = manifest;
  return { id, ...(setId !== undefined && { setId }), coveredAt, durationMs };
}

/** Waits until users, whose part the markers play, have written into each of the stores. */
async function writesInto(context: DrillContext, stores: readonly StoreName[]): Promise<void> {
  const { acks } = need(context, 'markers');
  const written = (store: StoreName): number => acks.filter((ack) => ack.store === store).length;
  const before = new Map(stores.map((store) => [store, written(store)]));
  const all = async (): Promise<boolean> => stores.every((store) => written(store) >= (before.get(store) ?? 0) + 2);
  if (await until(context, writesWithinMs, all)) return;
  throw new DrillError({
    code: 'internal',
    what: 'nothing is written between two backups, so that choosing the newer one would show nothing',
    expected: `two writes into each of ${stores.join(', ')} within ${writesWithinMs / 1000} s`,
  });
}
