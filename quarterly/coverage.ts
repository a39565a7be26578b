import type { RecoveryPointRecord } from '../domain/record-recovery.ts';
import { storeNames, type StoreName } from '../domain/service.ts';
import type { PeriodRun } from '../evidence/ledger-period.ts';
import type { PlannedDrill, QuarterInputs, RecordFacts } from './inputs.ts';
import { daysBetween, type Period } from './period.ts';
import type { CoverageCell, CoverageLine, StoreRestore } from './report.ts';
import { begunAt, hasJudged, isIn, outcomeOf } from './runs.ts';

/** The stores whose data a drill can lose. */
export const stores: readonly StoreName[] = storeNames;

type Source = RecoveryPointRecord['source'];

/** What is known of every store in every scenario, by the newest run that says something. */
export function coverageOf({ period, programme, ledger, records }: QuarterInputs): CoverageLine[] {
  return programme.map((drill) => {
    const own = ledger.runs
      .filter(({ run }) => run.drill === drill.drill && run.runbook.name === drill.runbook)
      .toReversed();
    return {
      runbook: drill.runbook,
      scenario: drill.scenario,
      drill: drill.drill,
      cells: stores.map((store) => cellOf(store, drill, own, { period, records })),
    };
  });
}

/** `runs` come newest first. */
function cellOf(
  store: StoreName,
  { runbookSha256 }: PlannedDrill,
  runs: readonly PeriodRun[],
  { period, records }: { period: Period; records: ReadonlyMap<number, RecordFacts> },
): CoverageCell {
  const greens = runs.filter((run) => outcomeOf(run) === 'green');
  const known = greens.flatMap((run) => {
    const source = sourceOf(store, records.get(run.run.number));
    return source === undefined ? [] : [{ run, source }];
  });
  const judged = runs.filter((run) => hasJudged(run) && isIn(period, run));
  const proof = known.find(({ run }) => isIn(period, run)) ?? known.at(0);
  const failed = judged.length > 0 && judged.every((run) => outcomeOf(run) === 'failed');
  if (failed) return { store, state: 'failed', ...whichRun(judged[0]) };
  if (!proof) {
    const silent = judged[0];
    return silent ? { store, state: 'unknown', ...whichRun(silent) } : { store, state: 'none' };
  }
  const standIn = productOf(store, records.get(proof.run.run.number));
  return {
    store,
    state: stateOf(proof.source, isIn(period, proof.run)),
    source: proof.source,
    ...whichRun(proof.run),
    ...(proof.run.run.runbook.sha256 !== runbookSha256 && { stale: true }),
    ...(proof.source !== 'survived' && standIn !== undefined && { standIn }),
  };
}

function stateOf(source: Source, inPeriod: boolean): CoverageCell['state'] {
  if (!inPeriod) return 'earlier';
  return source === 'survived' ? 'survived' : 'restored';
}

function whichRun(run: PeriodRun | undefined): { run?: number; at?: string } {
  return run ? { run: run.run.number, at: run.run.startedAt } : {};
}

function sourceOf(store: StoreName, facts: RecordFacts | undefined): Source | undefined {
  return facts?.recoveryPoints?.find((point) => point.store === store)?.source;
}

/** The product that a stand-in took the place of. */
function productOf(store: StoreName, facts: RecordFacts | undefined): string | undefined {
  return facts?.standIns?.find((standIn) => standIn.store === store)?.product;
}

/**
 * The newest green run that has brought each store back, whatever the drill; a store that survived proves nothing, and a
 * built-in stand-in nothing about the product: it is told beside.
 */
export function restoresOf({ period, now, ledger, records }: QuarterInputs): StoreRestore[] {
  const asOf = now < period.to ? now : period.to;
  const greens = ledger.runs.filter((run) => outcomeOf(run) === 'green').toReversed();
  return stores.map((store) => {
    let onStandIn: StoreRestore['onStandIn'];
    for (const run of greens) {
      const facts = records.get(run.run.number);
      const source = sourceOf(store, facts);
      if (source === undefined || source === 'survived') continue;
      const { number, drill, startedAt } = run.run;
      const product = productOf(store, facts);
      if (product !== undefined) {
        onStandIn ??= { run: number, at: startedAt, product, inPeriod: isIn(period, run) };
        continue;
      }
      const last = { run: number, drill, at: startedAt, source, daysAgo: daysBetween(begunAt(run), asOf) };
      return { store, last, inPeriod: isIn(period, run), ...(onStandIn && { onStandIn }) };
    }
    return { store, inPeriod: false, ...(onStandIn && { onStandIn }) };
  });
}
