import type { DrillRecord } from '../../domain/record.ts';
import { facts, mark, verdictWords, type Block, type Section } from '../blocks.ts';
import { counted, date, duration, instant } from '../format.ts';
import { issuesOf } from '../issues.ts';
import { endingWords } from '../state.ts';
import type { Summary } from '../summary.ts';

export function controlBlock(record: DrillRecord): Section {
  const { runId, sequence, schemaVersion, drill, from, chosenFault, runbook, retainUntil } = record;
  return {
    number: 1,
    title: 'Control block',
    reference: 'Run, runbook with its digest, classification, retention',
    blocks: [
      facts({
        Run: { code: runId },
        'Number in the ledger': sequence === undefined ? 'not numbered: no ledger was kept' : String(sequence),
        Drill: { code: drill },
        ...(from !== undefined && { 'Way of recovery': { code: from } }),
        ...(chosenFault !== undefined && { Fault: { code: chosenFault } }),
        'Schema version': String(schemaVersion),
        Runbook: `${runbook.title}, version ${runbook.version}, owned by ${runbook.owner}`,
        'Runbook file': { code: runbook.file },
        'Runbook sha256': { code: runbook.sha256 },
        Classification: runbook.classification,
        'Keep until': retainUntil === undefined ? 'no date was set' : date(retainUntil),
      }),
    ],
  };
}

export function summarySection(record: DrillRecord, { template }: Summary): Section {
  return {
    number: 2,
    title: 'Summary',
    blocks: [
      facts({
        Ending: `The run ${endingWords(record)}.`,
        ...(record.from !== undefined && {
          'Way of recovery': `\`${record.from}\`, one of several that this drill knows`,
        }),
        ...(record.chosenFault !== undefined && {
          Fault: `\`${record.chosenFault}\`, one of several that this drill knows`,
        }),
        Started: instant(record.startedAt),
        Finished: record.finishedAt === undefined ? 'not known: the record has no end' : instant(record.finishedAt),
        'Total duration': template.totalDuration,
        Findings: findingCounts(record),
        'Previous run': previousWords(record),
      }),
    ],
  };
}

function findingCounts({ findings }: DrillRecord): string {
  if (findings.length === 0) return 'none: nothing was judged';
  const counts = (['pass', 'fail', 'inconclusive', 'not-applicable'] as const).flatMap((verdict) => {
    const count = findings.filter((finding) => finding.verdict === verdict).length;
    return count === 0 && verdict === 'not-applicable' ? [] : [`${count} ${verdictWords[verdict]}`];
  });
  return `${counted(findings.length, 'check')}: ${counts.join(', ')}`;
}

function previousWords({ previous, rto, durationMs, chosenFault }: DrillRecord): string {
  if (previous === undefined) return 'No earlier run is known to compare with.';
  const { runId, verdict, startedAt, durationMs: earlierMs, rtoMs } = previous;
  const time = rto && rtoMs !== undefined ? ` Recovery: ${duration(rto.totalMs)} now, ${duration(rtoMs)} then.` : '';
  const fault = chosenFault === undefined ? '' : `, of the same fault \`${chosenFault}\``;
  return `${runId} of ${instant(startedAt)}${fault}: ${verdictWords[verdict]}. Total duration: ${duration(durationMs)} now, ${duration(earlierMs)} then.${time}`;
}

/** Title of the issues: where the repair settled all of them, nothing is left that failed. */
export function issuesTitle(record: DrillRecord): string {
  const isOpen = issuesOf(record).some(({ settled }) => settled === undefined);
  return isOpen ? 'What failed or was inconclusive' : 'What the repair settled';
}

/** What failed or was inconclusive, which a report tells before anything else; nothing where nothing did. */
export function issueBlocks(record: DrillRecord): Block[] {
  const issues = issuesOf(record);
  if (issues.length === 0) return [];
  return [
    {
      kind: 'table',
      title: `${counted(issues.length, 'issue')} encountered`,
      open: true,
      columns: ['Where', 'Verdict', 'Expected', 'Actual'].map((title) => ({ title })),
      rows: issues.map(({ name, verdict, expected, actual, evidence, settled }) => [
        { code: name },
        settled === undefined ? mark(verdict) : { ...mark(verdict), lines: [settled] },
        expected,
        evidence.length === 0 ? actual : { lines: [actual, ...evidence] },
      ]),
    },
  ];
}
