import { isOfSystem } from './runs.ts';
import { sourceWords } from '../domain/source-state.ts';
import type { Weakness } from './report.ts';
import {
  fail,
  type Ground,
  isFollowed,
  numbersOf,
  runWords,
  split,
  told,
  unproved,
  type WeaknessRule,
} from './weakness-words.ts';

/** Of the ledger and its runs: whether drills were held, and how they ended. */
export const runRules: readonly WeaknessRule[] = [
  ledgerDoesNotVerify,
  noRuns,
  noProof,
  failedRuns,
  withoutResult,
  flakyDrills,
  gapsInThePlan,
  onlyGreen,
];

function ledgerDoesNotVerify({ ledger: { verifies, problems } }: Ground): Weakness[] {
  if (verifies) return [];
  return fail(
    'ledger',
    `The ledger does not verify: ${problems[0] ?? 'it has no entry'}. Nothing below can be relied on.`,
  );
}

function noRuns({ runs, notBegun }: Ground): Weakness[] {
  if (runs.length > 0) return [];
  if (notBegun) {
    return unproved(
      'not-begun',
      'Not begun: the ledger has no run from before the end of the period. Nothing shows that recovery works, and nothing shows that it does not.',
    );
  }
  return fail(
    'no-runs',
    'No run was begun in the period: nothing shows that recovery works, and nothing shows that it does not.',
  );
}

function noProof({ runs }: Ground): Weakness[] {
  if (runs.length === 0 || runs.some(({ outcome }) => outcome === 'green')) return [];
  return fail('no-proof', 'No run of the period was green: recovery was not demonstrated once.');
}

/**
 * A failure that a later green run of the same drill has answered is told, and does not count against the period; one
 * that a flaky drill has answered is told as that.
 */
function failedRuns({ runs, flaky }: Ground): Weakness[] {
  const isFlaky = (number: number): boolean => flaky.some(({ red }) => red === number);
  const failed = runs.filter(({ outcome, number }) => outcome === 'failed' && !isFlaky(number));
  const [settled, left] = split(failed, (run) => isFollowed(run, runs, ['green']));
  return [
    ...(left.length === 0
      ? []
      : fail(
          'failed-runs',
          `Recovery failed in ${runWords(left)}, and no later run of the period shows that it works again.`,
        )),
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

/** A green run on the same files does not settle a failure: nothing was mended in between. */
function flakyDrills({ flaky }: Ground): Weakness[] {
  if (flaky.length === 0) return [];
  const words = flaky.map(
    ({ drill, red, green, ...source }) => `${drill} (run ${red} red, run ${green} green, ${sourceWords(source)})`,
  );
  return unproved(
    'flaky',
    `Red, then green, with nothing changed in between. One of the two results must be wrong: ${words.join(', ')}.`,
  );
}

function gapsInThePlan({ plan: { lines, planned, performed } }: Ground): Weakness[] {
  if (planned === 0)
    return unproved('nothing-planned', 'No drill was planned in the period: the runbooks ask for none.');
  if (planned === performed) return [];
  const drills = lines.filter(({ gaps }) => gaps.length > 0).map(({ drill }) => drill);
  const names = [...new Set(drills)].join(', ');
  return unproved('gaps', `${planned - performed} of ${planned} planned drills were not held: ${names}.`);
}

/** A report that shows only passes is not complete: nobody has seen what a failure looks like. */
function onlyGreen({ runs, controls: { planned, caught } }: Ground): Weakness[] {
  const judged = runs.filter(({ outcome }) => isOfSystem(outcome));
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
