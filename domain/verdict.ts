/**
 * What a check, a step or a probe is judged to be. `inconclusive` says that nothing was proved either way, and
 * `not-applicable` that the system has nothing that the check could look at; neither counts as `pass`.
 */
export type Verdict = 'pass' | 'fail' | 'inconclusive' | 'not-applicable';

/** The verdict on what always has something to judge: a run, an objective, a probe. */
export type ApplicableVerdict = Exclude<Verdict, 'not-applicable'>;

const severity: Record<ApplicableVerdict, number> = { pass: 0, inconclusive: 1, fail: 2 };

/**
 * The verdict over several verdicts: fail > inconclusive > pass. What is not applicable says nothing. Nothing judged,
 * or nothing that applies, is `inconclusive`, since an empty list of checks has proved nothing.
 */
export function mergeVerdicts(all: Iterable<Verdict>): ApplicableVerdict {
  let merged: ApplicableVerdict | undefined;
  for (const verdict of all) {
    if (verdict === 'not-applicable') continue;
    if (merged === undefined || severity[verdict] > severity[merged]) merged = verdict;
  }
  return merged ?? 'inconclusive';
}

/** Whether a verdict stands against the run: what is not applicable neither passes nor is red. */
export function isRed(verdict: Verdict): verdict is 'fail' | 'inconclusive' {
  return verdict === 'fail' || verdict === 'inconclusive';
}
