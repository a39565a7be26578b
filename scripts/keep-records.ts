import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { replaceFile } from '../files/replace-file.ts';
import { isGreen } from '../schedule/last-runs.ts';
import { factOf, readRecords } from '../schedule/read-records.ts';

/**
 * Keeps the records of the last runs for the next night, in a place that a CI system carries from job to job:
 * `node scripts/keep-records.ts FROM... TO [--newest 30]`. Every `drill.json` below the folders FROM is put into
 * TO/<run>/; of each drill the newest stay, and its last green one, since what is due is counted from that.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { newest: { type: 'string', default: '30' } },
});
const newest = Number(values.newest);
const [from, to] = [positionals.slice(0, -1), positionals.at(-1)];
if (to === undefined || from.length === 0 || !Number.isSafeInteger(newest) || newest < 1) {
  process.stderr.write('usage: node scripts/keep-records.ts FROM... TO [--newest 30]\n');
  process.exit(3);
}

await mkdir(to, { recursive: true });
for (const folder of from) {
  const { found, unreadable } = await readRecords(folder, ({ record, text }) => ({ runId: record.runId, text }));
  for (const { runId, text } of found) await keep(join(to, runId), text);
  for (const line of unreadable) process.stderr.write(`not kept: ${line}\n`);
}
const { kept, gone } = await prune(to);
process.stdout.write(`${kept} records are kept, ${gone} were let go\n`);

async function keep(folder: string, text: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await replaceFile(join(folder, 'drill.json'), text);
}

async function prune(folder: string): Promise<{ kept: number; gone: number }> {
  const { found } = await readRecords(folder, ({ record }) => factOf(record));
  const byDrill = Map.groupBy(
    found.toSorted((one, other) => (one.startedAt < other.startedAt ? 1 : -1)),
    ({ drill }) => drill,
  );
  const kept = [...byDrill.values()].flatMap((runs) => [...runs.slice(0, newest), ...runs.filter(isGreen).slice(0, 1)]);
  const names = new Set(kept.map(({ runId }) => runId));
  const tooMany = found.filter(({ runId }) => !names.has(runId));
  for (const { runId } of tooMany) await rm(join(folder, runId), { recursive: true });
  return { kept: found.length - tooMany.length, gone: tooMany.length };
}
