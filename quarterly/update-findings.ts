import type { PeriodRun } from '../evidence/ledger-period.ts';
import type { FindingRegister, RegisteredFinding } from './findings.ts';
import type { PlannedDrill, RecordFacts, RedCheck } from './inputs.ts';
import { isoDay } from './period.ts';
import { begunAt, outcomeOf } from './runs.ts';

/** How long a finding has until it is overdue, where nobody sets another day. */
const dueDays = 30;

const dayMs = 86_400_000;

export interface RegisterChange {
  register: FindingRegister;
  /** Ids. */
  opened: string[];
  closed: string[];
}

interface Known {
  records: ReadonlyMap<number, RecordFacts>;
  /** Where the owner of a drill's findings comes from. */
  programme: readonly Pick<PlannedDrill, 'drill' | 'owner'>[];
}

/**
 * Brings a register up to date with runs: each red check of a failed run opens a finding, unless one of the same drill
 * and check is open; a green run of the same drill, by the same way of recovery from the same fault, closes those that
 * are older than it. Nothing else closes one. Pure; the same runs once more change nothing.
 */
export function updateFindings(
  register: FindingRegister,
  runs: readonly PeriodRun[],
  { records, programme }: Known,
): RegisterChange {
  const findings = register.findings.map((finding) => ({ ...finding }));
  const change: Omit<RegisterChange, 'register'> = { opened: [], closed: [] };
  for (const run of runs.toSorted((one, other) => one.run.number - other.run.number)) {
    const outcome = outcomeOf(run);
    const facts = records.get(run.run.number);
    if (outcome === 'green') change.closed.push(...close(findings, run, facts));
    // What an error has ended wants seeing to, although it has proved nothing.
    const isBroken = outcome === 'inconclusive' && run.end?.state === 'failed';
    if (outcome !== 'failed' && !isBroken) continue;
    for (const red of redOf(run, facts)) {
      if (isKnown(findings, run, { check: red.check, facts })) continue;
      const owner = programme.find(({ drill }) => drill === run.run.drill)?.owner ?? 'nobody yet';
      const finding = opened(run, red, { id: nextId(findings), owner, facts });
      findings.push(finding);
      change.opened.push(finding.id);
    }
  }
  return { register: { ...register, findings }, ...change };
}

/** What of a run was a choice: only runs that chose alike tell of one another. */
type Course = Pick<RecordFacts, 'from' | 'chosenFault'>;

/** Whether a run can close a finding: green, later, the same drill by the same way from the same fault. */
export function isRetestOf(finding: RegisteredFinding, run: PeriodRun, facts: Course | undefined): boolean {
  return (
    outcomeOf(run) === 'green' &&
    run.run.drill === finding.drill &&
    run.run.number > finding.opened.run &&
    isSameCourse(finding, facts)
  );
}

function isSameCourse(finding: RegisteredFinding, facts: Course = {}): boolean {
  return finding.from === facts.from && finding.chosenFault === facts.chosenFault;
}

function close(findings: RegisteredFinding[], run: PeriodRun, facts: RecordFacts | undefined): string[] {
  const closed: string[] = [];
  for (const finding of findings) {
    if (finding.state === 'closed' || !isRetestOf(finding, run, facts)) continue;
    finding.state = 'closed';
    finding.retest = reference(run);
    closed.push(finding.id);
  }
  return closed;
}

/** A failed run without a record, or whose record names no check, leaves one finding all the same. */
function redOf({ end }: PeriodRun, facts: RecordFacts | undefined): RedCheck[] {
  if (facts && facts.red.length > 0) return facts.red;
  return [
    { check: 'run', expected: 'a run that passes', actual: end?.reason ?? 'it failed; its record names no check' },
  ];
}

/** Whether the register tells of it already: a finding that was open at the time of the run. */
function isKnown(
  findings: readonly RegisteredFinding[],
  { run }: PeriodRun,
  { check, facts }: { check: string; facts: Course | undefined },
): boolean {
  return findings.some(
    (finding) =>
      finding.drill === run.drill &&
      finding.check === check &&
      isSameCourse(finding, facts) &&
      finding.opened.run <= run.number &&
      (finding.retest === undefined || finding.retest.run > run.number),
  );
}

function opened(
  run: PeriodRun,
  { check, expected, actual }: RedCheck,
  { id, owner, facts = {} }: { id: string; owner: string; facts: Course | undefined },
): RegisteredFinding {
  const { from, chosenFault } = facts;
  return {
    id,
    drill: run.run.drill,
    ...(from !== undefined && { from }),
    ...(chosenFault !== undefined && { chosenFault }),
    check,
    what: `expected ${expected}, actual ${actual}`,
    opened: reference(run),
    owner,
    due: isoDay(new Date(begunAt(run).getTime() + dueDays * dayMs)),
    state: 'open',
  };
}

/** How a finding names a run. */
export function reference({ run }: PeriodRun): { run: number; runId: string; at: string } {
  return { run: run.number, runId: run.runId, at: run.startedAt };
}

function nextId(findings: readonly RegisteredFinding[]): string {
  const last = Math.max(0, ...findings.map(({ id }) => Number(id.slice('F-'.length))));
  return `F-${String(last + 1).padStart(4, '0')}`;
}
