import type { ApplicableVerdict, Verdict } from './verdict.ts';

/** A judgement with its evidence. */
export interface Finding {
  /** Name of the check that judged, e.g. `integrity.rows`. */
  check: string;
  verdict: Verdict;
  expected: string;
  actual: string;
  /** Details that a person wants next: the first differing tables, slow requests. Never personal data, never a secret. */
  evidence?: string[];
  /** What to do about it; feeds the recommendations of the report. */
  recommendation?: string;
}

/** A pure judgement over an observation. It starts nothing, asks nobody and never throws on bad observations. */
export interface Check<Observation> {
  name: string;
  title: string;
  judge(observation: Observation): Finding;
}

/** A finding of a check that had something to look at. */
export interface JudgedFinding extends Finding {
  verdict: ApplicableVerdict;
}

/** A finding that passes when `ok` does; the evidence and the recommendation are kept only when it does not. */
export function finding(
  check: string,
  ok: boolean,
  facts: Omit<Finding, 'check' | 'verdict'> & { otherwise?: 'fail' | 'inconclusive' },
): JudgedFinding {
  const { expected, actual, evidence, recommendation, otherwise = 'fail' } = facts;
  const base = { check, verdict: ok ? ('pass' as const) : otherwise, expected, actual };
  if (ok) return base;
  return { ...base, ...(evidence && { evidence }), ...(recommendation && { recommendation }) };
}

/** What a check gives that has nothing to look at; `reason` says what the system does not have. */
export function notApplicable(check: string, expected: string, reason: string): Finding {
  return { check, verdict: 'not-applicable', expected, actual: reason };
}
