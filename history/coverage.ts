import type { StoreName } from '../domain/service.ts';
import type { PeriodRun } from '../evidence/ledger-period.ts';
import { stores } from '../quarterly/coverage.ts';
import { outcomeOf } from '../quarterly/runs.ts';
import type { PlannedRunbook } from '../schedule/programme.ts';
import type { CoverageCell, CoverageLine, ScenarioState } from './history.ts';
import type { HistoryInputs, ProofFacts, StoreVersion } from './inputs.ts';
import { daysSince, lastGreenOf, runsOf } from './runs-of.ts';

/**
 * Every scenario against every store: how old its last proof is, and what has changed since. A proof is stale when the
 * runbook, the schema of the system or what the store runs on is not what it was, or when the calendar asks for another.
 */
export function coverageOf(inputs: HistoryInputs, states: readonly ScenarioState[]): CoverageLine[] {
  return states.map((state) => {
    const { runbook, scenario, drill } = state;
    const own = runsOf(state, inputs.runs);
    const cells = stores.map((store) => cellOf(store, { state, own, inputs }));
    return { runbook, scenario, drill, cells };
  });
}

interface Ground {
  state: ScenarioState;
  /** Newest first. */
  own: readonly PeriodRun[];
  inputs: HistoryInputs;
}

function cellOf(store: StoreName, { state, own, inputs }: Ground): CoverageCell {
  const green = lastGreenOf(own);
  if (!green) {
    const failed = own.find((run) => outcomeOf(run) === 'failed');
    return { store, state: 'none', changed: [], ...(failed && { failedSince: failed.run.number }) };
  }
  const failed = own.slice(0, own.indexOf(green)).find((run) => outcomeOf(run) === 'failed');
  const proof = inputs.proofs.get(green.run.number);
  const source = proof?.sources[store];
  const known = {
    store,
    run: green.run.number,
    daysAgo: daysSince(green, inputs.now),
    ...(failed && { failedSince: failed.run.number }),
  };
  if (!proof || source === undefined) return { ...known, state: 'unknown', changed: [] };
  if (source === 'survived') return { ...known, state: 'untouched', source, changed: [] };
  const changed = changesSince(store, { green, proof, state, inputs });
  const standIn = proof.versions[store]?.standsInFor;
  return { ...known, state: 'proved', source, changed, ...(standIn !== undefined && { standIn }) };
}

interface Proved {
  green: PeriodRun;
  proof: ProofFacts;
  state: ScenarioState;
  inputs: HistoryInputs;
}

function changesSince(store: StoreName, { green, proof, state, inputs }: Proved): string[] {
  const runbook = inputs.runbooks.find(({ name }) => name === state.runbook);
  const isDue = state.nextDueAt !== undefined && state.nextDueAt <= inputs.now.toISOString();
  return [
    ...planChanges(runbook, green, proof),
    ...versionChange(proof.versions[store], inputs.images[store], newestOn(green.run.engine, store, inputs)),
    ...(isDue ? [`due again since ${state.nextDueAt?.slice(0, 10)}`] : []),
  ];
}

function planChanges(runbook: PlannedRunbook | undefined, { run }: PeriodRun, proof: ProofFacts): string[] {
  if (!runbook) return [];
  const schema = proof.schemaSha256 === undefined ? 'the schema of then is not known' : 'the schema has changed';
  return [
    ...(run.runbook.sha256 === runbook.sha256 ? [] : ['the runbook has changed']),
    ...(proof.schemaSha256 === runbook.schemaSha256 ? [] : [schema]),
  ];
}

/** Of what runs in a container the image that would be used now counts; of all else what the newest run has seen. */
function versionChange(
  then: StoreVersion | undefined,
  imageNow: string | undefined,
  newest: StoreVersion | undefined,
): string[] {
  if (!then) return [];
  if (then.image !== undefined) {
    const isSame = imageNow === undefined || imageNow === then.image;
    return isSame ? [] : [`the image is now ${withoutDigest(imageNow)}`];
  }
  const isSame = !newest || (newest.version === then.version && newest.implementation === then.implementation);
  return isSame ? [] : [`runs now on ${newest.implementation} ${newest.version}`];
}

/** What a store ran on in the newest run on an engine that has a usable record. */
function newestOn(engine: string, store: StoreName, { runs, proofs }: HistoryInputs): StoreVersion | undefined {
  const newest = runs.findLast(({ run }) => run.engine === engine && proofs.has(run.number));
  return newest && proofs.get(newest.run.number)?.versions[store];
}

function withoutDigest(reference: string): string {
  return reference.replace(/@.*$/, '');
}
