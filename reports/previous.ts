import type { DrillRecord } from '../domain/record.ts';
import { recoveryPhases } from '../domain/timeline.ts';

/** One duration of this run beside that of the run before. */
export interface Compared {
  name: string;
  /** Absent where it was not measured. */
  nowMs?: number;
  thenMs?: number;
}

/** What was measured in this run or in the one before: the recovery, its phases, the loss of each store. */
export function comparedWithPrevious({ previous, rto, rpo }: DrillRecord): Compared[] {
  if (!previous) return [];
  const { rtoMs, phases = {}, rpo: rpoThen = [] } = previous;
  const stores = new Set([...rpo, ...rpoThen].map(({ store }) => store));
  return [
    line('RTO', rto?.totalMs, rtoMs),
    ...recoveryPhases.map((phase) => line(phase, rto?.phases[phase], phases[phase])),
    ...[...stores].map((store) =>
      line(
        `RPO ${store}`,
        rpo.find((one) => one.store === store)?.measuredMs,
        rpoThen.find((one) => one.store === store)?.measuredMs,
      ),
    ),
  ].filter(({ nowMs, thenMs }) => nowMs !== undefined || thenMs !== undefined);
}

function line(name: string, nowMs: number | undefined, thenMs: number | undefined): Compared {
  return { name, ...(nowMs !== undefined && { nowMs }), ...(thenMs !== undefined && { thenMs }) };
}
