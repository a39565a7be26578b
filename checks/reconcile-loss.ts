import type { ReconciliationTolerance } from '../domain/reconciliation.ts';

/**
 * A tolerance that also accepts what is lost with a recovery point: rows that were written after the instant that a
 * store was restored to refer to what the store cannot have. How much was lost is judged by the RPO, not here.
 */
export function withLoss(
  tolerance: ReconciliationTolerance,
  losses: readonly { dangling: number; stale: number }[],
): ReconciliationTolerance {
  const sum = (kind: 'dangling' | 'stale'): number =>
    losses.reduce((total, loss) => total + loss[kind], tolerance[kind] ?? 0);
  return { ...tolerance, dangling: sum('dangling'), stale: sum('stale') };
}
