import { access, readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { Command } from 'commander';
import { systemClock } from '../../domain/clock.ts';
import { messageOf } from '../../domain/drill-error.ts';
import type { NightlySummary } from '../../domain/nightly.ts';
import { requireWritable } from '../../evidence/usable-folder.ts';
import { readIfThere } from '../../files/read-if-there.ts';
import { reportsFolder } from '../../harness/reports-folder.ts';
import { mergeSources, type Source } from '../../schedule/merge.ts';
import { parseSummary } from '../../schedule/parse-summary.ts';
import { factOf, readRecords } from '../../schedule/read-records.ts';
import { nightlyMarkdown } from '../../schedule/markdown.ts';
import { nightFolder } from '../night-folder.ts';
import { tellNight } from '../tell-night.ts';

/** `firedrill merge <folder...>`. */
export const mergeCommand = new Command('merge')
  .description('sum up what several machines have left of a night; the exit code is that of the worst')
  .argument('<folders...>', 'the folder of each, `--out` of its `firedrill nightly`, or a folder that holds these')
  .option('--records <folder>', 'where the records of earlier runs are, to tell flaky drills', reportsFolder)
  .option('--out <folder>', 'folder for summary.json and summary.md (default: reports/out/merge-<instant>)')
  .action(async (folders: string[], given: { records: string; out?: string }) => {
    process.exitCode = await merge(folders, given);
  });

async function merge(folders: readonly string[], { records, out }: { records: string; out?: string }): Promise<number> {
  const target = nightFolder('merge', out);
  await requireWritable(target, '--out');
  const sources: Source[] = [];
  const machines = await Promise.all(folders.map((folder) => foldersOfMachines(resolve(folder))));
  for (const folder of new Set(machines.flat())) sources.push(await readSource(folder));
  const known = await readRecords(resolve(records), ({ record }) => factOf(record));
  const summary = mergeSources(sources, { now: systemClock.now(), known: known.found });
  process.stdout.write(`${nightlyMarkdown(summary)}\nsummary in ${target}\n`);
  return await tellNight(summary, target);
}

/** A folder that holds those of several machines stands for each of them: some CI systems put one level more. */
async function foldersOfMachines(folder: string): Promise<string[]> {
  if (await isOfMachine(folder)) return [folder];
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const inside = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
  const ofMachines = await Promise.all(inside.map(isOfMachine));
  // One that broke off before its summary is one of them, too.
  return ofMachines.includes(true) ? inside : [folder];
}

async function isOfMachine(folder: string): Promise<boolean> {
  return await access(join(folder, 'summary.json')).then(
    () => true,
    () => false,
  );
}

/** A folder that is not there is told like one that is empty: of a night that broke off, somebody must hear. */
async function readSource(folder: string): Promise<Source> {
  const { found, unreadable } = await readRecords(folder, (record) => record);
  const read = await readSummary(folder);
  const nothing = found.length === 0 && unreadable.length === 0 && Object.keys(read).length === 0;
  return {
    name: basename(folder),
    records: found,
    unreadable: [
      ...unreadable,
      ...('problem' in read ? [read.problem] : []),
      ...(nothing ? ['there is neither a record nor a summary'] : []),
    ].map((line) => `${basename(folder)}: ${line}`),
    ...('summary' in read && { summary: read.summary }),
  };
}

async function readSummary(folder: string): Promise<{ summary: NightlySummary } | { problem: string } | object> {
  try {
    const text = await readIfThere(join(folder, 'summary.json'));
    return text ? { summary: parseSummary(text.toString('utf8'), 'summary.json') } : {};
  } catch (error) {
    return { problem: messageOf(error) };
  }
}
