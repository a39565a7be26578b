import { createHash } from 'node:crypto';
import type { Lot } from '../domain/nightly.ts';
import type { CadenceFrequency } from '../domain/runbook.ts';
import { periodStart } from './period.ts';
import type { PlannedRunbook } from './programme.ts';

/**
 * The scenario of a calendar period. The seed follows from the first day of the period and the runbook's sha256 alone,
 * so every machine draws the same one, and anybody can draw it again; a changed runbook draws anew. `undefined` when no
 * scenario has a drill.
 */
export function drawLot(
  runbook: PlannedRunbook,
  drills: ReadonlySet<string>,
  { frequency, now }: { frequency: CadenceFrequency; now: Date },
): Lot | undefined {
  const candidates = Object.entries(runbook.scenarios)
    .filter(([, { drill }]) => drills.has(drill))
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
  const period = periodStart(now, frequency);
  const digest = createHash('sha256').update(`${period} ${runbook.sha256}`).digest('hex');
  const seed = Number.parseInt(digest.slice(0, 8), 16);
  const drawn = candidates[seed % candidates.length];
  if (!drawn) return undefined;
  const [scenario, { drill }] = drawn;
  return { runbook: runbook.name, period, seed, scenario, drill };
}
