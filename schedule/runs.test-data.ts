import type { RunFact } from '../domain/nightly.ts';
import type { PlannedDrill, PlannedRunbook } from './programme.ts';

/** A green run of the drill `loss`; what a test is about is given. */
export function run(startedAt: string, rest: Partial<RunFact> = {}): RunFact {
  const drill = rest.drill ?? 'loss';
  return {
    runId: `${drill}-${startedAt}`,
    drill,
    startedAt,
    state: 'finished',
    verdict: 'pass',
    engine: 'native',
    rows: 100,
    gitRevision: 'f00',
    runbookSha256: 'a'.repeat(64),
    schemaSha256: 'b'.repeat(64),
    ...rest,
  };
}

export const drills: PlannedDrill[] = ['damage', 'fire', 'loss', 'switch', 'theft'].map((name) => ({
  name,
  runbook: 'shop',
  scenario: `${name}-scenario`,
}));

/** A runbook whose scenarios are those of `drills`. */
export function runbook(cadence: PlannedRunbook['cadence'], rest: Partial<PlannedRunbook> = {}): PlannedRunbook {
  return {
    name: 'shop',
    sha256: 'a'.repeat(64),
    schemaSha256: 'b'.repeat(64),
    cadence,
    scenarios: Object.fromEntries(drills.map(({ name, scenario }) => [scenario, { drill: name }])),
    ...rest,
  };
}
