import { createHash } from 'node:crypto';
import type { DrillContext } from './context.ts';

/** What a draw needs of a run. */
type Seeded = { record: { environment: Pick<DrillContext['record']['environment'], 'seed'> } };

/**
 * A whole number from 0 to below `count`, drawn by the seed of the run: the same run strikes the same thing again,
 * another one another. `label` says for what, so that two draws of a run do not go together.
 */
export function drawnNumber({ record }: Seeded, label: string, count: number): number {
  const digest = createHash('sha256').update(`${record.environment.seed}:${label}`).digest();
  return Number(digest.readBigUInt64BE() % BigInt(Math.max(1, count)));
}

/** One of the things, drawn likewise; undefined where there is none. */
export function drawn<T>(context: Seeded, things: readonly T[], label: string): T | undefined {
  return things[drawnNumber(context, label, things.length)];
}
