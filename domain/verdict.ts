/**
 * What a check, a step or a whole drill is judged to be. `inconclusive` says that nothing was proved either way; it
 * never counts as `pass`.
 */
export type Verdict = 'pass' | 'fail' | 'inconclusive';

const severity: Record<Verdict, number> = { pass: 0, inconclusive: 1, fail: 2 };

/**
 * The verdict over several verdicts: fail > inconclusive > pass. Nothing judged is `inconclusive`, since an empty
 * list of checks has proved nothing.
 */
export function mergeVerdicts(verdicts: Iterable<Verdict>): Verdict {
  let merged: Verdict | undefined;
  for (const verdict of verdicts) {
    if (merged === undefined || severity[verdict] > severity[merged]) merged = verdict;
  }
  return merged ?? 'inconclusive';
}
