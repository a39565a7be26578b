import type { Weakness } from './report.ts';
import { fail, type Ground, isFollowed, runWords, split, told, unproved, type WeaknessRule } from './weakness-words.ts';

/** Of what the runs have shown, and of what was done about it. */
export const proofRules: readonly WeaknessRule[] = [
  notRestored,
  onStandIns,
  missedObjectives,
  missedControls,
  withoutControls,
  maskingNotAssured,
  overdueFindings,
  disputedFindings,
  recordsMissing,
  undrilledChanges,
];

function notRestored({ restores }: Ground): Weakness[] {
  const missing = restores.filter(({ inPeriod }) => !inPeriod);
  if (missing.length === 0) return [];
  const earlier = missing.flatMap(({ store, last }) =>
    last ? [`${store} (last ${last.daysAgo} days ago, run ${last.run})`] : [],
  );
  const never = missing.filter(({ last }) => !last).map(({ store }) => store);
  return [
    ...(earlier.length === 0
      ? []
      : unproved('not-restored', `No good restore in the period of ${earlier.join(', ')}.`)),
    ...(never.length === 0
      ? []
      : unproved(
          'not-restored',
          `No good restore in the period, nor by the last green run of any drill before it, of ${never.join(', ')}.`,
        )),
  ];
}

/** What a stand-in has shown is said, so that nobody takes it for the product. */
function onStandIns({ restores }: Ground): Weakness[] {
  const alone = restores.filter(({ inPeriod, onStandIn }) => !inPeriod && onStandIn?.inPeriod === true);
  if (alone.length === 0) return [];
  const words = alone.map(({ store, onStandIn }) => `${store} (for ${onStandIn?.product}, run ${onStandIn?.run})`);
  return unproved(
    'stand-ins',
    `Brought back in the period on built-in stand-ins alone, which is no evidence for the products: ${words.join(', ')}.`,
  );
}

function missedObjectives({ rto, rpo }: Ground): Weakness[] {
  const missed = [
    ...rto.map((trend) => ({ trend, name: `RTO of ${trend.drill}` })),
    ...rpo.map((trend) => ({ trend, name: `RPO of ${trend.store} in ${trend.drill}` })),
  ].filter(({ trend }) => trend.months.some((month) => month.missed > 0));
  const names = (missedLast: boolean): string =>
    missed
      .filter(({ trend }) => trend.missedLast === missedLast)
      .map(({ name }) => name)
      .join(', ');
  const [left, settled] = [names(true), names(false)];
  return [
    ...(left === '' ? [] : fail('objectives', `Missed: ${left}.`)),
    ...(settled === '' ? [] : told('objectives', `Missed, and met again since: ${settled}.`)),
  ];
}

function missedControls({ runs, controls: { missed } }: Ground): Weakness[] {
  const own = runs.filter(({ number }) => missed.some(({ run }) => run === number));
  const [settled, left] = split(own, (run) => isFollowed(run, runs, ['green']));
  const words = (numbers: readonly number[]): string =>
    missed
      .filter(({ run }) => numbers.includes(run))
      .map(({ run, names }) => `run ${run}${names.length > 0 ? ` (${names.join(', ')})` : ''}`)
      .join(', ');
  return [
    ...(left.length === 0
      ? []
      : fail(
          'controls',
          `Negative controls were not caught in ${words(left)}: checks that stay green on damage prove nothing.`,
        )),
    ...(settled.length === 0
      ? []
      : told(
          'controls',
          `Negative controls were not caught in ${words(settled)}; a later run of the same drill was green.`,
        )),
  ];
}

function withoutControls({ controls: { without } }: Ground): Weakness[] {
  if (without.length === 0) return [];
  return unproved('no-controls', `Green without a negative control: ${runWords(without)}.`);
}

function maskingNotAssured({ runs, masking: { lines, notMeasured } }: Ground): Weakness[] {
  const leaking = lines.filter(({ verdict }) => verdict === 'fail').map(({ run }) => run);
  const own = runs.filter(({ number }) => leaking.includes(number));
  const [settled, left] = split(own, (run) => isFollowed(run, runs, ['green']));
  const blind = [...lines.filter(({ verdict }) => verdict === 'inconclusive').map(({ run }) => run), ...notMeasured];
  return [
    ...(left.length === 0 ? [] : fail('leaks', `Personal data was left in the masked copy of ${runWords(left)}.`)),
    ...(settled.length === 0
      ? []
      : told(
          'leaks',
          `Personal data was left in the masked copy of ${runWords(settled)}; a later run of the same drill was green.`,
        )),
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
  return fail(
    'disputed',
    `Closed in the register without a green retest of the same drill in the ledger: ${disputed.join(', ')}.`,
  );
}

function recordsMissing({ ledger: { missingRecords } }: Ground): Weakness[] {
  if (missingRecords.length === 0) return [];
  const runs = runWords(missingRecords.map(({ run }) => run));
  return unproved('records', `The record of ${runs} could not be used: what only it says is not in this report.`);
}

function undrilledChanges({ changes }: Ground): Weakness[] {
  const names = changes.filter(({ run }) => run === undefined).map(({ name }) => name);
  if (names.length === 0) return [];
  return unproved(
    'undrilled',
    `Changed since the last run, so that no run shows that it works: runbook ${names.join(', ')}.`,
  );
}
