import { json } from 'node:stream/consumers';
import pLimit from 'p-limit';
import { systemClock, timed } from '../domain/clock.ts';
import type { ObjectStoreAccess } from '../domain/service.ts';
import { backupObjects } from '../recovery/backup-objects.ts';
import { latestObjectsRestorePoint } from '../recovery/objects-restore-points.ts';
import { restoreObjects } from '../recovery/restore-objects.ts';
import { objectClient } from '../stack/clients.ts';
import { listObjects } from '../stack/list-objects.ts';
import { peakMemory } from './peak-memory.ts';

/** One measurement, by a process of its own: its memory is then that of this way, and every way begins as cold. */
export interface ObjectsTask {
  way: 'copy out' | 'backup' | 'copy back' | 'restore';
  source: ObjectStoreAccess;
  target: ObjectStoreAccess;
  sourceBucket: string;
  targetBucket: string;
  recipient: string;
  identity: string;
  folder: string;
  concurrency: number;
}

/** What it took. */
export interface ObjectsMeasurement {
  objects: number;
  durationMs: number;
  peakBytes: number;
}

// The keys of the stores come through a pipe: arguments are shown to everybody on the machine.
const task = (await json(process.stdin)) as ObjectsTask;
using memory = peakMemory(10);
const { value: objects, durationMs } = await timed(systemClock, () => run(task));
process.stdout.write(
  JSON.stringify({ objects, durationMs, peakBytes: memory.peakBytes() } satisfies ObjectsMeasurement),
);

async function run(options: ObjectsTask): Promise<number> {
  const { way, source, target, sourceBucket, targetBucket, recipient, identity, folder, concurrency } = options;
  if (way === 'backup') {
    const buckets = [sourceBucket];
    const store = { store: target, bucket: targetBucket };
    const point = await backupObjects({
      source,
      buckets,
      ...store,
      recipient,
      folder,
      concurrency,
      clock: systemClock,
    });
    return point.manifest.counts.contentsWritten;
  }
  if (way === 'restore') {
    const restorePoint = await latestObjectsRestorePoint({ store: source, bucket: sourceBucket });
    const targetOf = (): string => targetBucket;
    const common = { restorePoint, identity, concurrency, clock: systemClock };
    return (await restoreObjects({ ...common, store: source, target, targetOf })).objects;
  }
  return copy(options);
}

/**
 * The plain copy: each object as it is, out of one store into the other, by what the client offers for it. Of large
 * objects the client's way is about as fast as our own upload in parts, with twice the memory.
 */
async function copy({ source, target, sourceBucket, targetBucket, concurrency }: ObjectsTask): Promise<number> {
  const [from, to] = [objectClient(source), objectClient(target)];
  const listed = await listObjects(from, sourceBucket);
  await pLimit(concurrency).map(listed, async ({ key, sizeBytes }) => {
    await to.putObject(targetBucket, key, await from.getObject(sourceBucket, key), sizeBytes);
  });
  return listed.length;
}
