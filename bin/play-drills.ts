import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { limitFunction } from 'p-limit';
import { execa } from '../programs/execa.ts';
import { systemClock } from '../domain/clock.ts';
import { messageOf } from '../domain/drill-error.ts';
import { readIfThere } from '../files/read-if-there.ts';
import { parseRecord } from '../reports/parse-record.ts';
import { endInOrder, passOn } from './ending.ts';
import type { PlayedDrill } from './overview.ts';

export interface DrillToPlay {
  name: string;
  /** Options of `firedrill run`, by their long names; what is `undefined` is not given. */
  options: Readonly<Record<string, string | number | undefined>>;
}

/**
 * Runs drills, each in a process of its own: what one leaves in memory is none of the next one's. Where several run at
 * once, each line that one prints begins with its name. The reports of each are in a folder of its name, and the drills
 * are given in their order. After Ctrl-C those that run end in order, and no further one begins. A drill without a record
 * says why; none is run twice.
 */
export async function playDrills(
  drills: readonly DrillToPlay[],
  folder: string,
  { atOnce = 1 }: { atOnce?: number } = {},
): Promise<PlayedDrill[]> {
  return endInOrder(async (ending) => {
    const play = async ({ name, options }: DrillToPlay): Promise<PlayedDrill> => {
      if (ending.aborted) return { drill: name, missing: 'not begun: interrupted' };
      const drillFolder = join(folder, name);
      const begunAt = systemClock.now();
      const running = execa(process.execPath, commandOf(name, drillFolder, options), {
        ...(atOnce === 1 ? { stdio: 'inherit' } : { stdin: 'ignore', buffer: false, all: true }),
        reject: false,
      });
      // It ends in order, and is waited for.
      const stopPassing = passOn(ending, running);
      if (atOnce > 1) await printLines(running.all, name);
      const { exitCode } = await running;
      stopPassing();
      if (atOnce === 1) process.stdout.write('\n');
      return readPlayed(name, drillFolder, begunAt, exitCode);
    };
    return Promise.all(drills.map(limitFunction(play, { concurrency: atOnce })));
  });
}

async function printLines(output: Readable, name: string): Promise<void> {
  for await (const line of createInterface({ input: output })) process.stdout.write(`${name} | ${line}\n`);
}

function commandOf(name: string, folder: string, options: DrillToPlay['options']): string[] {
  const flags = Object.entries(options)
    .filter(([, value]) => value !== undefined)
    .flatMap(([option, value]) => [`--${option}`, String(value)]);
  return [...process.execArgv, process.argv[1] ?? '', 'run', name, '--out', folder, ...flags];
}

/** The record that a drill has left just now; a folder may hold that of an earlier run. */
async function readPlayed(
  drill: string,
  folder: string,
  begunAt: Date,
  exitCode: number | undefined,
): Promise<PlayedDrill> {
  const file = join(folder, 'drill.json');
  try {
    const text = await readIfThere(file);
    const record = text && parseRecord(text.toString('utf8'), file);
    if (record && record.startedAt >= begunAt.toISOString()) return { drill, record };
  } catch (error) {
    return { drill, missing: `left a record that cannot be read: ${messageOf(error)}` };
  }
  return { drill, missing: `left no record, exit code ${exitCode ?? 'none'}` };
}
