import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { Command } from 'commander';
import { execa } from '../programs/execa.ts';
import { systemClock } from '../domain/clock.ts';
import { projectFolder } from '../harness/project.ts';
import { objectClient } from '../stack/clients.ts';
import { bench, say } from './main.ts';
import { wholeNumberFrom } from '../bin/whole-number.ts';
import { objectsTable, underLimit, type ObjectsFigures, type ObjectsSize } from './objects-figures.ts';
import { fillBucket, removeBucket, startStores, type Stores } from './objects-prepare.ts';
import type { ObjectsMeasurement, ObjectsTask } from './objects-way.ts';

const wayFile = join(projectFolder, 'bench', 'objects-way.ts');
/** Those of a drill: it collects garbage early, and backup and restore are a part of it. */
const memorySettings = ['--max-old-space-size=160', '--max-semi-space-size=8'];
/** Of backup and restore by default, and of the plain copy. */
const concurrency = 8;

interface Options {
  small: number;
  large: number;
  runs: number;
}

const program = new Command('bench:objects')
  .description('Backup and restore of objects against a plain concurrent copy between the same two MinIO servers.')
  .option('--small <number>', 'objects of 10 kB; 0 leaves them out', wholeNumberFrom(0), 10_000)
  .option('--large <number>', 'objects of 100 MB; 0 leaves them out', wholeNumberFrom(0), 20)
  .option('--runs <number>', 'measured runs of each way, by turns', wholeNumberFrom(1), 3);

await bench<Options, ObjectsFigures>({ program, prefix: 'objects-', measure, table: objectsTable, missed: underLimit });

async function measure({ small, large, runs }: Options, signal: AbortSignal): Promise<ObjectsFigures> {
  await using stores = await startStores(signal);
  const sizes: ObjectsSize[] = [
    { bucket: 'small', objects: small, sizeBytes: 10_000, ways: [] },
    { bucket: 'large', objects: large, sizeBytes: 100_000_000, ways: [] },
  ].filter(({ objects }) => objects > 0);
  const identity = await generateX25519Identity();
  const keys = { identity, recipient: await identityToRecipient(identity) };
  for (const size of sizes) {
    await fillBucket(stores.objects, size.bucket, { ...size, signal });
    for (let run = 1; run <= runs; run += 1) await measureRound(stores, size, keys, run, signal);
  }
  return {
    at: systemClock.now().toISOString(),
    runs,
    cpus: availableParallelism(),
    node: process.version,
    store: `${stores.backups.info.implementation} ${stores.backups.info.version}`,
    concurrency,
    sizes,
  };
}

/** Each way once. Which of a pair goes first changes with every round; a restore has the backup of its round. */
async function measureRound(
  stores: Stores,
  size: ObjectsSize,
  keys: Pick<ObjectsTask, 'identity' | 'recipient'>,
  run: number,
  signal: AbortSignal,
): Promise<void> {
  const { objects, backups, folder } = stores;
  const out = { source: objects.access, target: backups.access, sourceBucket: size.bucket };
  const back = { source: backups.access, target: objects.access };
  const pairs: Pick<ObjectsTask, 'way' | 'source' | 'target' | 'sourceBucket' | 'targetBucket'>[][] = [
    [
      { ...out, way: 'copy out', targetBucket: 'copies' },
      { ...out, way: 'backup', targetBucket: 'backups' },
    ],
    [
      { ...back, way: 'copy back', sourceBucket: 'copies', targetBucket: `${size.bucket}-copied` },
      { ...back, way: 'restore', sourceBucket: 'backups', targetBucket: `${size.bucket}-restored` },
    ],
  ];
  for (const task of pairs.flatMap((pair) => (run % 2 === 0 ? pair.toReversed() : pair))) {
    signal.throwIfAborted();
    const target = objectClient(task.target);
    await removeBucket(target, task.targetBucket);
    await target.makeBucket(task.targetBucket);
    // What the way before left to be written is not to be this one's burden.
    await execa('sync');
    const input = JSON.stringify({ ...task, ...keys, folder, concurrency } satisfies ObjectsTask);
    const { stdout } = await execa(process.execPath, [...memorySettings, wayFile], { input, cancelSignal: signal });
    const measurement = JSON.parse(stdout) as ObjectsMeasurement;
    if (measurement.objects !== size.objects) {
      throw new Error(`${task.way}: ${measurement.objects} of ${size.objects} objects, so its time says nothing`);
    }
    const way = size.ways.find(({ name }) => name === task.way) ?? { name: task.way, durationsMs: [], peakBytes: 0 };
    if (!size.ways.includes(way)) size.ways.push(way);
    way.durationsMs.push(measurement.durationMs);
    way.peakBytes = Math.max(way.peakBytes, measurement.peakBytes);
    say(`run ${run}  ${size.bucket}  ${task.way.padEnd(9)} ${(measurement.durationMs / 1000).toFixed(2)} s`);
  }
}
