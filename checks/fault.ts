import { finding, type Finding } from '../domain/finding.ts';

/** A question about the fault, asked from outside, with its answer. */
export interface FaultAnswer {
  question: string;
  expected: string;
  actual: string;
  bitten: boolean;
}

/**
 * `fault.bites`: every answer is the one of a fault that bit. Otherwise the run is inconclusive: recovering from
 * nothing proves nothing. No answers prove nothing either.
 */
export function judgeFault(answers: readonly FaultAnswer[]): Finding {
  const without = answers.filter((answer) => !answer.bitten);
  return finding('fault.bites', answers.length > 0 && without.length === 0, {
    otherwise: 'inconclusive',
    expected: 'the damage to show in every answer',
    actual:
      without.length > 0
        ? without.map((answer) => `${answer.question} ${answer.actual}`).join('; ')
        : `${answers.length} of ${answers.length} answers`,
    recommendation: 'Repair the drill: its fault does not reach the system.',
  });
}
