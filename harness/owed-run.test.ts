import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { catalogue } from '../domain/catalogue.ts';
import type { Finding } from '../domain/finding.ts';
import type { DrillRecord } from '../domain/record.ts';
import type { Control, DrillDefinition, DrillStep } from './definition.ts';
import type { RunOptions } from './options.ts';
import { playRun } from './play-run.ts';
import type { RunSurroundings } from './run.ts';

/** What each step of a fake run judges, all of it green; a mutation leaves one out or lets it be silent. */
const { judges, mutation } = vi.hoisted(() => ({
  mutation: { silent: '', swallowed: '', manual: '' },
  judges: {
    save: /^backup\.verified$/,
    'assess-impact': /^(backup\.latest$|restore\.)/,
    probe: /^steady-state\.|^masking\.classified$/,
    fault: /^fault\./,
    'verify-restore': /^integrity\./,
    resume: /^(resume|recovery)\./,
    smoke: /^smoke\.(?!sustained)/,
    search: /^search\./,
    objectives: /^objectives\./,
    reconcile: /^reconciliation\./,
    'sustained-smoke': /^smoke\.sustained$/,
    copy: /^masking\.(?!classified)/,
    'staging-smoke': /^staging\./,
    'clean-up': /^clean-up$|^clock\./,
  } as Record<string, RegExp>,
}));

const green = (check: string): Finding => ({ check, verdict: 'pass', expected: '1', actual: '1' });

function fake(name: string, phase: DrillStep['phase'], more: (record: DrillRecord) => void = () => {}): DrillStep {
  return {
    name,
    title: `The step ${name}`,
    phase,
    execute: async (context) => {
      const { record } = context;
      more(record);
      try {
        if (mutation.swallowed === name) throw new Error('swallowed');
        if (mutation.silent === name) return;
        context.judge((record.owed?.checks ?? []).filter((check) => judges[name]?.test(check)).map(green));
      } catch {
        // As a step would that catches what it should not.
      }
    },
  };
}

vi.mock('../stack/index.ts', async (original) => ({
  ...(await original<object>()),
  chooseEngine: async () => 'native',
}));
vi.mock('./steps/prepare.ts', () => ({
  startServices: fake('start', 'start'),
  seedSystem: fake('seed', 'seed'),
  openSystem: fake('open', 'seed'),
}));
vi.mock('./steps/backed-up.ts', () => ({ backedUp: fake('backed-up', 'backup') }));
vi.mock('./steps/recovered.ts', () => ({
  operationsResume: fake('resume', 'resume'),
  smokeAfterRecovery: fake('smoke', 'resume'),
}));
vi.mock('./steps/strike.ts', () => ({ strike: fake('fault', 'fault') }));
vi.mock('./steps/finish.ts', () => ({
  cleanUp: fake('clean-up', 'clean-up', (record) => {
    record.cleanUp = { verdict: 'pass', left: [] };
  }),
}));
vi.mock('./actions/index.ts', async (original) => {
  const { actions } = await original<{ actions: object }>();
  const faked = Object.keys(actions).map((name) => [name, fake(name, 'verify')] as const);
  // What no action carries out is a manual step.
  const carriedOut = (name: string | symbol): boolean => name !== mutation.manual;
  return {
    actions: new Proxy(Object.fromEntries(faked), {
      get: (all, name) => (carriedOut(name) ? all[String(name)] : undefined),
    }),
  };
});
vi.mock('./memory.ts', () => ({
  MemoryWatch: class {
    readonly #context;
    constructor(context: { recorder: { judge(phase: 'clean-up', findings: Finding[]): void } }) {
      this.#context = context;
    }
    async stop(): Promise<void> {
      this.#context.recorder.judge('clean-up', [green('memory')]);
    }
  },
}));
vi.mock('../reports/write.ts', async (original) => {
  const { writeRecord } = await original<{ writeRecord: unknown }>();
  return { writeRecord, writeReports: writeRecord };
});

/** A control whose verification turns the check red that the catalogue says it turns red. */
function fakeControl(name: string): Control {
  const patterns = Object.entries(catalogue).filter(([, { redBy }]) => 'control' in redBy && redBy.control === name);
  const expectedCheck = patterns[0]?.[0] ?? 'none';
  const expectedVerdict = name === 'inert-fault' ? 'inconclusive' : 'fail';
  const red: Finding = { check: expectedCheck, verdict: expectedVerdict, expected: '1', actual: '0' };
  return { name, title: name, expectedCheck, expectedVerdict, verify: async () => [red], sabotage: {} };
}

const controls = [
  ...new Set(Object.values(catalogue).flatMap(({ redBy }) => ('control' in redBy ? [redBy.control] : []))),
].map(fakeControl);

/** A loss of the database by the project's runbook, with steps that start and ask nothing. */
const whole: DrillDefinition = {
  name: 'db-loss',
  runbook: 'artfromromania',
  scenario: 'database-loss',
  backUp: [fake('save', 'backup')],
  fault: {
    name: 'fake',
    title: 'A fault',
    claims: [{ target: { service: 'postgres' }, effect: 'destroyed' }],
    inject: async () => {},
    observe: async () => [],
    lift: async () => {},
  },
  steadyState: [fake('probe', 'steady-state')],
  verify: ['search', 'objectives', 'reconcile', 'sustained-smoke'].map((name) => fake(name, 'hand-over')),
  handOver: ['copy', 'staging-smoke'].map((name) => fake(name, 'hand-over')),
  controls,
};

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firedrill-owed-'));
});
afterAll(() => rm(folder, { recursive: true }));

let runs = 0;
async function play(
  changes: Partial<DrillDefinition> = {},
  mutated: Partial<typeof mutation> = {},
  asked: Partial<RunOptions> = {},
  enough?: RunSurroundings['enough'],
): Promise<Readonly<DrillRecord>> {
  Object.assign(mutation, { silent: '', swallowed: '', manual: '' }, mutated);
  runs += 1;
  const options = { seed: 1, keep: false, sequence: runs, out: join(folder, `run-${runs}`), ledger: folder, ...asked };
  return playRun({ ...whole, ...changes }, options, { print: () => {}, ...(enough && { enough }) });
}

const notJudged = ({ findings }: Readonly<DrillRecord>): string[] => {
  const { actual = '' } = findings.find(({ check }) => check === 'judged') ?? {};
  return actual.startsWith('not judged: ') ? actual.slice('not judged: '.length).split(', ') : [];
};

test('a run that judges all that it owes, and plays every control, is green', async () => {
  const record = await play();
  expect(record.findings.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
  expect(record.verdict).toBe('pass');
  expect(record.findings.map(({ check }) => check)).toEqual(expect.arrayContaining(record.owed?.checks ?? ['none']));
  expect(record.owed?.controls.length).toBeGreaterThan(15);
});

test('a quick run plays some of the controls on little data, names the others, and is kept for nobody', async () => {
  const record = await play({}, {}, { quick: true });
  const { quick, owed, environment, retainUntil, findings } = record;
  expect(record.verdict).toBe('pass');
  expect(record.controls.length).toBeGreaterThan(0);
  expect([...record.controls.map(({ name }) => name), ...(quick?.leftOut ?? [])].toSorted()).toEqual(
    controls.map(({ name }) => name).toSorted(),
  );
  expect(quick?.leftOut).toEqual(expect.arrayContaining(notPlayed(record)));
  expect(notPlayed(record).length).toBeGreaterThan(0);
  expect(owed?.controls).toEqual((await play()).owed?.controls);
  expect(environment).toMatchObject({ rows: 300, command: expect.stringMatching(/ --quick$/) });
  expect(retainUntil).toBeUndefined();
  expect(findings.find(({ check }) => check === 'judged')?.actual).toContain(`control ${notPlayed(record)[0]}`);
});

const notPlayed = ({ owed, controls: played }: DrillRecord): string[] =>
  (owed?.controls ?? []).filter((name) => !played.some((control) => control.name === name));

const leftOut: [
  what: string,
  changes: Partial<DrillDefinition>,
  mutated: Partial<typeof mutation>,
  missed: string[],
][] = [
  ['all of `verify` is left out', { verify: [] }, {}, ['objectives.rto', 'search.content', 'smoke.sustained']],
  ['the masked copy is forgotten', { handOver: [] }, {}, ['masking.leaks', 'staging.smoke.status']],
  ['the steady state is skipped', { steadyState: [] }, {}, ['steady-state.smoke.status', 'masking.classified']],
  ['no backup is taken and verified', { backUp: [] }, {}, ['backup.verified']],
  ['the verification of the runbook is a manual step', {}, { manual: 'verify-restore' }, ['integrity.rows']],
  ['the smoke is asked and not judged', {}, { silent: 'smoke' }, ['smoke.status', 'smoke.latency']],
  ['objectives are computed and not judged', {}, { silent: 'objectives' }, ['objectives.rto', 'objectives.rpo.search']],
  ['the leak scan is recorded and not judged', {}, { silent: 'copy' }, ['masking.canaries-after']],
  ['the reconciliation is not judged', {}, { silent: 'reconcile' }, ['reconciliation.objects']],
  ['an error is swallowed in a step', {}, { swallowed: 'verify-restore' }, ['integrity.content']],
  ['the clean-up is not judged', {}, { silent: 'clean-up' }, ['clean-up']],
  ['only the first three controls are declared', { controls: controls.slice(0, 3) }, {}, ['control slow-endpoint']],
];

test.for(leftOut)(
  'where %s the run is inconclusive, and says what was not judged',
  async ([, changes, mutated, missed]) => {
    const record = await play(changes, mutated);
    expect(record.verdict).toBe('inconclusive');
    expect(notJudged(record)).toEqual(expect.arrayContaining(missed));
    expect(record.recommendations.join('\n')).toContain('a check that is not judged');
  },
);

test('a run that has shown enough plays nothing more but its clean-up, says so, and is never a pass', async () => {
  const isJudged = ({ findings }: Readonly<DrillRecord>): boolean =>
    findings.some(({ check }) => check === 'integrity.rows');
  const record = await play({}, {}, {}, (soFar) => (isJudged(soFar) ? 'integrity.rows was judged' : undefined));
  expect(record).toMatchObject({ state: 'finished', verdict: 'inconclusive', errors: [], controls: [] });
  expect(record.cleanUp).toEqual({ verdict: 'pass', left: [] });
  expect(record.limitations).toContain('The run was not played to its end: integrity.rows was judged.');
  expect(notJudged(record)).toEqual(expect.arrayContaining(['smoke.status', 'objectives.rto', 'masking.leaks']));
  expect(record.findings.map(({ check }) => check)).not.toContain('smoke.status');
  const skipped = record.steps.filter(({ reason }) => reason === 'integrity.rows was judged');
  expect(skipped.length).toBeGreaterThan(0);
});
