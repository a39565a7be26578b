import { finding, type Finding } from '../domain/finding.ts';
import type { ComparisonRecord } from '../domain/record-recovery.ts';

/**
 * `comparison`: each of at least two ways came to the same end, judged by content, in a time above zero. A way that was
 * fast and wrong is no way.
 */
export function judgeComparison({ title, ways }: ComparisonRecord): Finding {
  const wrong = ways.filter(
    ({ verdict, durationMs }) => verdict !== 'pass' || !(durationMs > 0 && Number.isFinite(durationMs)),
  );
  return finding('comparison', ways.length > 1 && wrong.length === 0, {
    expected: `${title}: every way comes to the same content`,
    actual: `${ways.length - wrong.length} of ${ways.length} ways do`,
    evidence: wrong.map(({ name, detail, durationMs }) => `${name} (${durationMs} ms): ${detail}`),
    recommendation: 'Repair the way that fails, or take it out of the runbook: it will be tried when it is needed.',
  });
}
