import type { PeriodRun } from '../evidence/ledger-period.ts';
import type { FindingRegister, RegisteredFinding } from './findings.ts';
import type { RecordFacts } from './inputs.ts';
import { isoDay, type Period } from './period.ts';
import type { ReportedFinding } from './report.ts';
import { isRetestOf } from './update-findings.ts';

/**
 * The findings as they stood at the end of a period: all that were open in it, with those that were closed in it. Those
 * that were closed before it or opened after it are none of its report.
 */
export function findingsAt({ findings }: FindingRegister, { from, to }: Period, asOf: Date): ReportedFinding[] {
  return findings
    .filter(({ opened, retest }) => new Date(opened.at) < to && (!retest || new Date(retest.at) >= from))
    .map((finding) => ({
      id: finding.id,
      drill: finding.drill,
      check: finding.check,
      openedBy: finding.opened.run,
      openedAt: finding.opened.at,
      owner: finding.owner,
      ...(finding.accepted !== undefined && { accepted: finding.accepted }),
      due: finding.due,
      state: stateAt(finding, to, asOf),
      isNew: new Date(finding.opened.at) >= from,
      ...(finding.retest && { retest: finding.retest.run }),
      ...(finding.retest && new Date(finding.retest.at) >= to && { closedSince: true }),
      what: finding.what,
    }));
}

function stateAt(finding: RegisteredFinding, to: Date, asOf: Date): ReportedFinding['state'] {
  const { retest, ...open } = finding;
  return retest && new Date(retest.at) < to ? 'closed' : stateOf(open, asOf);
}

/** How a finding stands as of an instant; the day on which it is due is still in time. */
export function stateOf(
  { retest, due }: Pick<RegisteredFinding, 'retest' | 'due'>,
  asOf: Date,
): ReportedFinding['state'] {
  if (retest) return 'closed';
  return due < isoDay(asOf) ? 'overdue' : 'open';
}

/**
 * Findings that were closed by hand: their retest is no green run of the same drill in the ledger. A retest that the
 * ledger has after these runs is not judged.
 */
export function disputedFindings(
  { findings }: FindingRegister,
  runs: readonly PeriodRun[],
  records: ReadonlyMap<number, RecordFacts>,
): string[] {
  const byNumber = new Map(runs.map((run) => [run.run.number, run]));
  const last = Math.max(0, ...byNumber.keys());
  return findings
    .filter(({ retest }) => retest !== undefined && retest.run <= last)
    .filter((finding) => {
      const number = finding.retest?.run ?? 0;
      const run = byNumber.get(number);
      // What way a run went, and from which fault, only its record says; that of a run before the period is not read.
      const facts = records.get(number) ?? finding;
      return !run || !isRetestOf(finding, run, facts);
    })
    .map(({ id }) => id);
}
