import { countControls } from '../domain/control-outcome.ts';
import type { Finding } from '../domain/finding.ts';
import type { DrillRecord } from '../domain/record.ts';
import { isRed, type ApplicableVerdict } from '../domain/verdict.ts';
import { shownVerdict } from './state.ts';

export interface Issue {
  /** The check that is red, or where an error came from. */
  name: string;
  verdict: Exclude<ApplicableVerdict, 'pass'>;
  expected: string;
  actual: string;
  evidence: string[];
}

/**
 * Everything that went wrong, worst first: findings that are not green, errors, and what no finding speaks of, such as
 * a control that was not caught in a run that ended before it could judge its controls.
 */
export function issuesOf(record: DrillRecord): Issue[] {
  const issues = [
    ...record.findings.flatMap(issueOfFinding),
    ...record.errors.map(({ phase, code, message }): Issue => {
      const verdict = shownVerdict(record) === 'fail' && !undecided.has(code) ? 'fail' : 'inconclusive';
      return { name: `error in ${phase}`, verdict, expected: 'no error', actual: message, evidence: [] };
    }),
    ...missedControls(record),
    ...leftovers(record),
  ];
  return issues.toSorted((one, other) => severity[other.verdict] - severity[one.verdict]);
}

/** Errors that say nothing of the system: the drill could not be held. */
const undecided: ReadonlySet<string> = new Set(['interrupted', 'no-steady-state', 'fault-did-not-bite', 'unsupported']);

const severity: Record<Issue['verdict'], number> = { inconclusive: 1, fail: 2 };

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

function hasRed(findings: Finding[], check: string): boolean {
  return findings.some((finding) => finding.check === check && isRed(finding.verdict));
}
