import type { Outcome, QuarterlyReport, ReportedRun, Weakness } from './report.ts';

type Ground = Omit<QuarterlyReport, 'weaknesses' | 'verdict' | 'headline' | 'matrix'>;

type Rule = (ground: Ground) => Weakness[];

/** What the reader of a report must not overlook, worst first. */
export function weaknessesOf(ground: Ground): Weakness[] {
  const found = rules.flatMap((rule) => rule(ground));
  return found.toSorted((one, other) => severity[other.verdict] - severity[one.verdict]);
}

const severity: Record<Weakness['verdict'], number> = { pass: 0, inconclusive: 1, fail: 2 };

const rules: readonly Rule[] = [
  ledgerDoesNotVerify,
  noRuns,
  noProof,
  failedRuns,
  withoutResult,
  gapsInThePlan,
  onlyGreen,
  notRestored,
  missedObjectives,
  missedControls,
  withoutControls,
  maskingNotAssured,
  overdueFindings,
  disputedFindings,
  recordsMissing,
  undrilledChanges,
];

function ledgerDoesNotVerify({ ledger: { verifies, problems } }: Ground): Weakness[] {
  if (verifies) return [];
  return fail('ledger', `The ledger does not verify: ${problems[0] ?? 'it has no entry'}. Nothing below can be relied on.`);
}

function noRuns({ runs }: Ground): Weakness[] {
  if (runs.length > 0) return [];
  return fail('no-runs', 'No run was begun in the period: nothing shows that recovery works, and nothing shows that it does not.');
}

function noProof({ runs }: Ground): Weakness[] {
  if (runs.length === 0 || runs.some(({ outcome }) => outcome === 'green')) return [];
  return fail('no-proof', 'No run of the period was green: recovery was not demonstrated once.');
}

/** A failure that a later green run of the same drill has answered is told, and does not count against the period. */
function failedRuns({ runs }: Ground): Weakness[] {
  const failed = runs.filter(({ outcome }) => outcome === 'failed');
  const [settled, left] = split(failed, (run) => isFollowed(run, runs, ['green']));
  return [
    ...(left.length === 0
      ? []
      : fail('failed-runs', `Recovery failed in ${runWords(left)}, and no later run of the period shows that it works again.`)),
    ...(settled.length === 0
      ? []
      : told('failed-runs', `Recovery failed in ${runWords(settled)}; a later run of the same drill was green.`)),
  ];
}

function withoutResult({ runs }: Ground): Weakness[] {
  return (['aborted', 'interrupted', 'inconclusive', 'open'] as const).flatMap((outcome) => {
    const own = runs.filter((run) => run.outcome === outcome);
    const [settled, left] = split(own, (run) => isFollowed(run, runs, ['green', 'failed']));
    const ended = outcome === 'open' ? 'without an end in the ledger' : `ended ${outcome}`;
    return [
      ...(left.length === 0
        ? []
        : unproved(`${outcome}-runs`, `No result, ${ended}: ${runWords(left)}. The drill was not held again.`)),
      ...(settled.length === 0
        ? []
        : told(`${outcome}-runs`, `No result, ${ended}: ${runWords(settled)}. The drill was held again.`)),
    ];
  });
}

/** Whether a later run of the same drill ended so. */
function isFollowed(run: ReportedRun, runs: readonly ReportedRun[], outcomes: readonly Outcome[]): boolean {
  return runs.some(
    ({ drill, number, outcome }) => drill === run.drill && number > run.number && outcomes.includes(outcome),
  );
}

/** Numbers of the runs for which it holds, and of the others. */
function split(runs: readonly ReportedRun[], holds: (run: ReportedRun) => boolean): [number[], number[]] {
  const groups = Map.groupBy(runs, holds);
  const numbers = (key: boolean): number[] => (groups.get(key) ?? []).map(({ number }) => number);
  return [numbers(true), numbers(false)];
}

function gapsInThePlan({ plan: { lines, planned, performed } }: Ground): Weakness[] {
  if (planned === 0) return unproved('nothing-planned', 'No drill was planned in the period: the runbooks ask for none.');
  if (planned === performed) return [];
  const drills = lines.filter(({ gaps }) => gaps.length > 0).map(({ drill }) => drill);
  const names = [...new Set(drills)].join(', ');
  return unproved('gaps', `${planned - performed} of ${planned} planned drills were not held: ${names}.`);
}

/** A report that shows only passes is not complete: nobody has seen what a failure looks like. */
function onlyGreen({ runs, controls: { planned, caught } }: Ground): Weakness[] {
  const judged = runs.filter(({ outcome }) => outcome !== 'sabotaged');
  if (judged.length === 0 || judged.some(({ outcome }) => outcome !== 'green')) return [];
  const sabotaged = numbersOf(runs, ['sabotaged']);
  const seen = [
    planned === 0 ? 'no negative control was played' : `${caught} of ${planned} negative controls were caught`,
    sabotaged.length === 0 ? 'no drill was played with a sabotage' : `${runWords(sabotaged)} played with a sabotage`,
  ];
  return unproved(
    'only-green',
    `Every run of the period passed. Whether these drills can fail rests on this alone: ${seen.join(', ')}.`,
  );
}

function notRestored({ restores }: Ground): Weakness[] {
  const missing = restores.filter(({ inPeriod }) => !inPeriod);
  if (missing.length === 0) return [];
  const words = missing.map(({ store, last }) =>
    last ? `${store} (last ${last.daysAgo} days ago, run ${last.run})` : `${store} (never, as far as the ledger tells)`,
  );
  return unproved('not-restored', `No good restore in the period of ${words.join(', ')}.`);
}

function missedObjectives({ rto, rpo }: Ground): Weakness[] {
  const missed = [
    ...rto.map((trend) => ({ trend, name: `RTO of ${trend.drill}` })),
    ...rpo.map((trend) => ({ trend, name: `RPO of ${trend.store} in ${trend.drill}` })),
  ].filter(({ trend }) => trend.months.some((month) => month.missed > 0));
  return missed.length === 0 ? [] : fail('objectives', `Missed: ${missed.map(({ name }) => name).join(', ')}.`);
}

function missedControls({ controls: { missed } }: Ground): Weakness[] {
  if (missed.length === 0) return [];
  const words = missed.map(({ run, names }) => `run ${run}${names.length > 0 ? ` (${names.join(', ')})` : ''}`);
  return fail('controls', `Negative controls were not caught in ${words.join(', ')}: checks that stay green on damage prove nothing.`);
}

function withoutControls({ controls: { without } }: Ground): Weakness[] {
  return without.length === 0
    ? []
    : unproved('no-controls', `No negative control was played in ${runWords(without)}.`);
}

function maskingNotAssured({ masking: { lines, notMeasured } }: Ground): Weakness[] {
  const leaking = lines.filter(({ verdict }) => verdict === 'fail').map(({ run }) => run);
  const blind = [...lines.filter(({ verdict }) => verdict === 'inconclusive').map(({ run }) => run), ...notMeasured];
  return [
    ...(leaking.length === 0 ? [] : fail('leaks', `Personal data was left in the masked copy of ${runWords(leaking)}.`)),
    ...(blind.length === 0
      ? []
      : unproved('masking', `Masking is not shown by ${runWords(blind.toSorted((one, other) => one - other))}.`)),
  ];
}

function overdueFindings({ findings }: Ground): Weakness[] {
  const overdue = findings.filter(({ state }) => state === 'overdue');
  if (overdue.length === 0) return [];
  const words = overdue.map(({ id, check, due, owner }) => `${id} (${check}, due ${due}, ${owner})`);
  return fail('overdue', `Overdue: ${words.join('; ')}.`);
}

function disputedFindings({ disputed }: Ground): Weakness[] {
  if (disputed.length === 0) return [];
  return fail('disputed', `Closed in the register without a green retest of the same drill in the ledger: ${disputed.join(', ')}.`);
}

function recordsMissing({ ledger: { missingRecords } }: Ground): Weakness[] {
  if (missingRecords.length === 0) return [];
  const runs = runWords(missingRecords.map(({ run }) => run));
  return unproved('records', `The record of ${runs} could not be used: what only it says is not in this report.`);
}

function undrilledChanges({ changes }: Ground): Weakness[] {
  const names = changes.filter(({ run }) => run === undefined).map(({ name }) => name);
  if (names.length === 0) return [];
  return unproved('undrilled', `Changed since the last run, so that no run shows that it works: runbook ${names.join(', ')}.`);
}

function numbersOf(runs: readonly ReportedRun[], outcomes: readonly Outcome[]): number[] {
  return runs.filter(({ outcome }) => outcomes.includes(outcome)).map(({ number }) => number);
}

/** `run 3`, `runs 3, 4 and 9`; of very many the first ones. */
function runWords(numbers: readonly number[]): string {
  const shown = numbers.slice(0, 12);
  const more = numbers.length > shown.length ? ` and ${numbers.length - shown.length} more` : '';
  if (more) return `runs ${shown.join(', ')}${more}`;
  const last = shown.at(-1);
  return shown.length < 2 ? `run ${last}` : `runs ${shown.slice(0, -1).join(', ')} and ${last}`;
}

function fail(name: string, text: string): Weakness[] {
  return [{ name, verdict: 'fail', text }];
}

function unproved(name: string, text: string): Weakness[] {
  return [{ name, verdict: 'inconclusive', text }];
}

/** Said, and settled. */
function told(name: string, text: string): Weakness[] {
  return [{ name, verdict: 'pass', text }];
}
