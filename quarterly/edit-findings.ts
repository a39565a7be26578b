import { DrillError } from '../domain/drill-error.ts';
import type { PeriodRun } from '../evidence/ledger-period.ts';
import type { FindingRegister, RegisteredFinding } from './findings.ts';
import type { RecordFacts } from './inputs.ts';
import { outcomeOf } from './runs.ts';
import { isRetestOf, reference } from './update-findings.ts';

/** What people say of a finding. */
export interface Assignment {
  owner?: string;
  /** Day. */
  due?: string;
  note?: string;
  /** Day on which its owner has taken it on; with another owner it is nobody's until that one does. */
  accepted?: string;
}

/** The register with a finding assigned. A `DrillError` (`usage`) when there is no such finding, or it is closed. */
export function assignFinding(register: FindingRegister, id: string, assignment: Assignment): FindingRegister {
  return changed(register, id, (finding) => {
    if (finding.state === 'closed') throw refused(id, 'an open finding', 'it is closed');
    const { accepted: _, ...rest } = finding;
    const isHandedOn = assignment.owner !== undefined && assignment.owner !== finding.owner;
    return { ...(isHandedOn ? rest : finding), ...assignment };
  });
}

/**
 * The register with a finding closed by its retest: a green run of the same drill by the same way, later than the one
 * that opened it. A `DrillError` (`usage`) that says what the run is instead; nothing else closes a finding.
 */
export function closeFinding(
  register: FindingRegister,
  id: string,
  retest: { number: number; run: PeriodRun | undefined; facts: RecordFacts | { why: string } | undefined },
): FindingRegister {
  return changed(register, id, (finding) => {
    if (finding.state === 'closed') throw refused(id, 'an open finding', `it is closed by run ${finding.retest?.run}`);
    const why = whyNoRetest(finding, retest);
    if (why !== undefined || !retest.run) throw refused(id, courseOf(finding), why ?? 'no run');
    return { ...finding, state: 'closed' as const, retest: reference(retest.run) };
  });
}

/** What is wrong with a run as the retest of a finding. */
function whyNoRetest(
  finding: RegisteredFinding,
  { number, run, facts }: Parameters<typeof closeFinding>[2],
): string | undefined {
  if (!run) return `the ledger has no run ${number}`;
  const name = `run ${number}`;
  if (run.run.number <= finding.opened.run) return `${name} is not later than run ${finding.opened.run}`;
  if (run.run.drill !== finding.drill) return `${name} is one of ${run.run.drill}`;
  const outcome = outcomeOf(run);
  if (outcome !== 'green') return `${name} is ${outcome}`;
  if (facts && 'why' in facts) return `the record of ${name} cannot be used: ${facts.why}`;
  return isRetestOf(finding, run, facts) ? undefined : `${name} went another way, or from another fault`;
}

function courseOf({ drill, from, chosenFault, opened }: RegisteredFinding): string {
  const way = [from && ` by ${from}`, chosenFault && ` from ${chosenFault}`].filter(Boolean).join('');
  return `a green run of ${drill}${way} after run ${opened.run}`;
}

function changed(
  register: FindingRegister,
  id: string,
  change: (finding: RegisteredFinding) => RegisteredFinding,
): FindingRegister {
  if (!register.findings.some((finding) => finding.id === id)) {
    const known = register.findings.map((finding) => finding.id).join(', ') || 'none';
    throw new DrillError({ code: 'usage', what: 'there is no such finding', expected: known, actual: id });
  }
  return { ...register, findings: register.findings.map((one) => (one.id === id ? change(one) : one)) };
}

function refused(id: string, expected: string, actual: string): DrillError {
  return new DrillError({ code: 'usage', what: `${id} is left as it is`, expected, actual });
}
