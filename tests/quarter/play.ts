import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pRetry from 'p-retry';
import type { DrillRecord } from '../../domain/record.ts';
import { parseRecord } from '../../reports/parse-record.ts';
import { firedrillCommand } from '../command.ts';

/** A run that was really played: its record, and the folder it has left. */
export interface RealRun {
  record: DrillRecord;
  folder: string;
}

/** The fastest drill, once each: with its recovery working, with a row lost on the way, and ended by SIGTERM. */
export type RealRuns = Record<'green' | 'red' | 'interrupted', RealRun>;

const drill = ['run', 'db-loss', '--engine', 'native', '--rows', '200'];

/**
 * Plays the runs that a quarter is made of, side by side, in `folder`; each takes half a minute on two quiet cores.
 * Throws with their output when one ends as another than it should.
 */
export async function playRuns(folder: string): Promise<RealRuns> {
  const green = play(folder, 'green', [], 0);
  const red = play(folder, 'red', ['--sabotage', 'row-missing'], 1);
  const interrupted = play(folder, 'interrupted', [], 143, 'Inject the fault');
  // When one goes wrong the others are waited for all the same: nothing goes on behind the back of who asked.
  await Promise.allSettled([green, red, interrupted]);
  return { green: await green, red: await red, interrupted: await interrupted };
}

async function play(
  folder: string,
  name: keyof RealRuns,
  more: readonly string[],
  exitCode: number,
  stopAt?: string,
): Promise<RealRun> {
  const out = join(folder, name);
  const running = firedrillCommand([...drill, ...more, '--out', out], { FIREDRILL_LEDGER: join(folder, 'ledger') });
  if (stopAt !== undefined) {
    await seen(join(out, 'timeline.jsonl'), stopAt);
    // Not by execa, which kills what has not ended after five seconds: the clean-up may take longer.
    if (running.pid !== undefined) process.kill(running.pid, 'SIGTERM');
  }
  const result = await running;
  if (result.exitCode !== exitCode) throw new Error(`the ${name} run ended ${result.exitCode}:\n${result.all}`);
  const file = join(out, 'drill.json');
  return { record: parseRecord(await readFile(file, 'utf8'), file), folder: out };
}

async function seen(file: string, words: string): Promise<void> {
  const look = async (): Promise<void> => {
    const text = await readFile(file, 'utf8').catch(() => '');
    if (!text.includes(words)) throw new Error(`${file} does not say ${words}`);
  };
  await pRetry(look, { retries: 1200, factor: 1, minTimeout: 100 });
}
