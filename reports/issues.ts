import { countControls } from '../domain/control-outcome.ts';
import type { Finding } from '../domain/finding.ts';
import type { DrillRecord } from '../domain/record.ts';
import { isRed, type ApplicableVerdict } from '../domain/verdict.ts';
import { verdictOfError } from '../domain/error-verdict.ts';

export interface Issue {
  /** The check that is red, or where an error came from. */
  name: string;
  verdict: Exclude<ApplicableVerdict, 'pass'>;
  expected: string;
  actual: string;
  evidence: string[];
  /** What the runbook's repair has done about it, where nothing of it was left after that. */
  settled?: string;
}

/**
 * Everything that went wrong, worst first, and what was settled last: findings that are not green, errors, and what no finding speaks of, such as
 * a control that was not caught in a run that ended before it could judge its controls.
 */
export function issuesOf(record: DrillRecord): Issue[] {
  const issues = [
    ...record.findings.flatMap(issueOfFinding),
    ...record.errors.map((error): Issue => {
      const { phase, message, heldUp } = error;
      const evidence = heldUp === undefined ? [] : [heldUp];
      return {
        name: `error in ${phase}`,
        verdict: verdictOfError(error),
        expected: 'no error',
        actual: message,
        evidence,
      };
    }),
    ...missedControls(record),
    ...leftovers(record),
    ...settledDifferences(record),
  ];
  return issues.toSorted((one, other) => weight(other) - weight(one));
}

const severity: Record<Issue['verdict'], number> = { inconclusive: 1, fail: 2 };

const weight = ({ verdict, settled }: Issue): number => (settled === undefined ? severity[verdict] : 0);

function issueOfFinding({ check, verdict, expected, actual, evidence = [] }: Finding): Issue[] {
  return !isRed(verdict) ? [] : [{ name: check, verdict, expected, actual, evidence }];
}

function missedControls({ controls, findings }: DrillRecord): Issue[] {
  if (hasRed(findings, 'controls')) return [];
  return countControls(controls).missed.map(({ name, expectedCheck, detail }) => ({
    name: `control ${name}`,
    verdict: 'fail',
    expected: `caught by ${expectedCheck}`,
    actual: detail,
    evidence: [],
  }));
}

function leftovers({ cleanUp, findings }: DrillRecord): Issue[] {
  if (cleanUp === undefined || !isRed(cleanUp.verdict) || hasRed(findings, 'clean-up')) return [];
  const evidence = cleanUp.left.map(({ kind, name }) => `${kind} ${name}`);
  return [
    {
      name: 'clean-up',
      verdict: cleanUp.verdict,
      expected: 'nothing left',
      actual: `${evidence.length} left`,
      evidence,
    },
  ];
}

/** What the recovery left and the repair put right: it was an issue all the same, and would be one again. */
function settledDifferences({ reconciliations = [], repairs = [] }: DrillRecord): Issue[] {
  return reconciliations.flatMap((line): Issue[] => {
    const { store, scope, moment, verdict, differences } = line;
    if (moment !== 'recovered' || !isRed(verdict)) return [];
    const after = reconciliations.find(
      (other) => other.moment === 'repaired' && other.store === store && other.scope === scope,
    );
    // What is still red is a finding, which is an issue already.
    if (after === undefined || isRed(after.verdict)) return [];
    const done = repairs.filter((repair) => repair.store === store).map(({ what, count }) => `${count} ${what}`);
    return [
      {
        name: `reconciliation.${store}`,
        verdict,
        expected: `rows and ${scope === undefined ? store : `${store} ${scope}`} agree as the recovery leaves them`,
        actual: differences.map(({ kind, count }) => `${count} ${kind}`).join(', '),
        evidence: [],
        settled: `settled by the repair of the runbook: ${done.join(', ') || 'compared again, no difference'}`,
      },
    ];
  });
}

function hasRed(findings: Finding[], check: string): boolean {
  return findings.some((finding) => finding.check === check && isRed(finding.verdict));
}
