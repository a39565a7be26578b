import { assertKnownCheck, type CheckPlace, type PlacedCheckName } from './catalogue.ts';
import type { ApplicableVerdict, Verdict } from './verdict.ts';

/** A judgement with its evidence. */
export interface Finding {
  /** Name of the check that judged, e.g. `integrity.rows`: one of the catalogue, or of that of another version. */
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
  check: PlacedCheckName,
  ok: boolean,
  facts: Omit<Finding, 'check' | 'verdict'> & { otherwise?: 'fail' | 'inconclusive' },
): JudgedFinding {
  const { expected, actual, evidence, recommendation, otherwise = 'fail' } = facts;
  const base = { expected, actual };
  if (ok) return judged(check, 'pass', base);
  return judged(check, otherwise, {
    ...base,
    ...(evidence && { evidence }),
    ...(recommendation && { recommendation }),
  });
}

/** A finding of any verdict. Throws for a check that is not in the catalogue. */
export function judged<Judged extends Verdict>(
  check: PlacedCheckName,
  verdict: Judged,
  facts: Omit<Finding, 'check' | 'verdict'>,
): Finding & { verdict: Judged } {
  assertKnownCheck(check);
  return { check, verdict, ...facts };
}

/** The same finding, asked at another place than the recovered system. */
export function askedAt(place: CheckPlace, asked: Finding): Finding {
  return { ...asked, check: `${place}.${asked.check}` };
}

/** What a check gives that has nothing to look at; `reason` says what the system does not have. */
export function notApplicable(check: PlacedCheckName, expected: string, reason: string): Finding {
  return judged(check, 'not-applicable', { expected, actual: reason });
}
