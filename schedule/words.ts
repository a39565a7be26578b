import type { ApplicableVerdict } from '../domain/verdict.ts';

const words: Record<ApplicableVerdict, string> = { pass: '✔ PASS', fail: '✖ FAIL', inconclusive: '◆ INCONCLUSIVE' };

/** A verdict by shape and word; of a night on which nothing was run, that. */
export function verdictWords(verdict: ApplicableVerdict | undefined): string {
  return verdict === undefined ? '○ NOTHING RUN' : words[verdict];
}
