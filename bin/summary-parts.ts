import type { DrillRecord } from '../domain/record.ts';
import type { ReconciliationRecord } from '../domain/record-recovery.ts';
import { shortDuration } from '../reports/format.ts';

/** What a recovery of several services leaves, a line each: their RTO, what was reconciled, requests at a fixed rate. */
export function serviceLines({ rtoByService = [] }: DrillRecord): string[] {
  return rtoByService.map(
    ({ title, totalMs, targetMs, verdict }) =>
      `RTO      ${title}: ${shortDuration(totalMs)} of ${shortDuration(targetMs)}${verdict === 'pass' ? '' : `, ${verdict}`}`,
  );
}

/** One line a bucket or index: what was compared, what differed, and what is left after the repair. */
export function reconciliationLines({ reconciliations = [] }: DrillRecord): string[] {
  return reconciliations
    .filter(({ moment }) => moment === 'recovered')
    .map((first) => {
      const { store, scope, rows, items, compared } = first;
      const after = reconciliations.find(
        (line) => line.moment === 'repaired' && line.store === store && line.scope === scope,
      );
      const place = scope === undefined ? store : `${store} ${scope}`;
      const repaired = after === undefined ? '' : `; after the repair ${differencesOf(after)}`;
      return `content  ${place}: ${rows} rows, ${items} ${store === 'objects' ? 'objects' : 'documents'}, ${compared} compared, ${differencesOf(first)}${repaired}`;
    });
}

/** What clients saw of each server that failed. */
export function failoverLines({ availability }: DrillRecord): string[] {
  return (availability?.switches ?? []).map(({ server, failed, requests, failedOverAfterMs, budgetMs }) => {
    const budget = shortDuration(budgetMs);
    const ended =
      failedOverAfterMs === undefined
        ? `did not end within the watch, budget ${budget}`
        : `ended after ${shortDuration(failedOverAfterMs)} of ${budget}`;
    return `failover ${server}: errors ${ended}, ${failed} of ${requests} requests failed`;
  });
}

function differencesOf({ differences, compared }: ReconciliationRecord): string {
  const none = compared === 0 ? 'nothing to compare' : 'no difference';
  return differences.map(({ kind, count }) => `${count} ${kind}`).join(', ') || none;
}

/** Requests at a fixed rate, all probes in one line. */
export function sustainedLine({ sustained = [] }: DrillRecord): string[] {
  if (sustained.length === 0) return [];
  const sum = (of: (line: (typeof sustained)[number]) => number): number =>
    sustained.reduce((total, line) => total + of(line), 0);
  const slowest = Math.max(...sustained.map(({ p99Ms }) => p99Ms));
  const over = Math.round(sum(({ requests, overLimitShare }) => requests * overLimitShare));
  return [
    `rate     ${sum(({ requests }) => requests)} requests to ${sustained.length} probes: ${sum(({ errors }) => errors)} errors, ${over} over the limit, greatest p99 ${Math.round(slowest)}ms`,
  ];
}
