import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { execa } from 'execa';
import { systemClock } from '../../domain/clock.ts';
import { engineNames } from '../../domain/service.ts';
import { mergeVerdicts } from '../../domain/verdict.ts';
import { discoverDrills } from '../../harness/discover.ts';
import { projectFolder } from '../../harness/project.ts';
import { parseRecord } from '../../reports/parse-record.ts';
import { overviewOf, type PlayedDrill } from '../overview.ts';
import { exitCodes } from '../exit-codes.ts';
import { ledgerOption } from '../ledger-folder.ts';
import { wholeNumber } from '../whole-number.ts';

interface Given {
  engine?: string;
  rows?: number;
  seed?: number;
  out?: string;
  ledger?: string;
}

/** `firedrill all`. */
export const allCommand = new Command('all')
  .description('run every drill, one after the other, and sum them up; the exit code is that of the worst')
  .addOption(new Option('--engine <engine>', 'where the stacks run').choices(engineNames))
  .option('--rows <number>', 'size of each system', wholeNumber)
  .option('--seed <number>', 'the same seed and rows give the same data', wholeNumber)
  .option('--out <folder>', 'folder that holds a folder of reports for each drill (default: reports/out/all-<instant>)')
  .addOption(ledgerOption())
  .action(async (given: Given) => {
    process.exitCode = await runAll(given);
  });

/** Each drill in a process of its own: what one leaves in memory is none of the next one's. */
async function runAll({ out, ...options }: Given): Promise<number> {
  const startedMs = systemClock.monotonicMs();
  const instant = systemClock.now().toISOString().replaceAll(/[:.]/g, '-');
  const folder = resolve(out ?? join(projectFolder, 'reports', 'out', `all-${instant}`));
  const interruption = interruptions();
  const played: PlayedDrill[] = [];
  for (const { definition } of await discoverDrills()) {
    if (interruption.aborted) {
      played.push({ drill: definition.name, missing: 'not begun: interrupted' });
      continue;
    }
    const drillFolder = join(folder, definition.name);
    const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const command = [
      ...process.execArgv,
      process.argv[1] ?? '',
      'run',
      definition.name,
      '--out',
      drillFolder,
      ...flags,
    ];
    const begunAt = systemClock.now();
    // Ctrl-C reaches the drill by itself, which ends in order; it is waited for.
    const { exitCode } = await execa(process.execPath, command, { stdio: 'inherit', reject: false });
    played.push(await readPlayed(definition.name, drillFolder, begunAt, exitCode));
    process.stdout.write('\n');
  }
  process.stdout.write(overviewOf(played, systemClock.monotonicMs() - startedMs, folder));
  const verdicts = played.map(({ record }) => record?.verdict ?? 'fail');
  return exitCodes[mergeVerdicts(verdicts)];
}

/** The record that a drill has left just now; a folder may hold that of an earlier run. */
async function readPlayed(
  drill: string,
  folder: string,
  begunAt: Date,
  exitCode: number | undefined,
): Promise<PlayedDrill> {
  const file = join(folder, 'drill.json');
  const text = await readFile(file, 'utf8').catch(() => undefined);
  const record = text === undefined ? undefined : parseRecord(text, file);
  if (record && record.startedAt >= begunAt.toISOString()) return { drill, record };
  return { drill, missing: `left no record, exit code ${exitCode ?? 'none'}` };
}

/** After Ctrl-C no further drill begins. */
function interruptions(): { readonly aborted: boolean } {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => controller.abort());
  return controller.signal;
}
