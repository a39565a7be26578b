import { proofRules } from './proof-weaknesses.ts';
import type { Weakness } from './report.ts';
import { runRules } from './run-weaknesses.ts';
import type { Ground } from './weakness-words.ts';

/** What the reader of a report must not overlook, worst first. */
export function weaknessesOf(ground: Ground): Weakness[] {
  const found = [...runRules, ...proofRules].flatMap((rule) => rule(ground));
  return found.toSorted((one, other) => severity[other.verdict] - severity[one.verdict]);
}

const severity: Record<Weakness['verdict'], number> = { pass: 0, inconclusive: 1, fail: 2 };
