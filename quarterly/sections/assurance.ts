import { mark, type Block, type Cell } from '../../reports/blocks.ts';
import { counted, date, number } from '../../reports/format.ts';
import { mergeVerdicts, type ApplicableVerdict } from '../../domain/verdict.ts';
import type { MaskingAssurance, QuarterlyReport, ReportedFinding } from '../report.ts';
import { columns, tableOr, type Part } from './parts.ts';

const stateVerdicts: Record<ReportedFinding['state'], ApplicableVerdict> = {
  closed: 'pass',
  open: 'inconclusive',
  overdue: 'fail',
};

/** Findings as they stood at the end of the period. */
export function findingsSection({ findings, disputed, flaky }: QuarterlyReport): Part {
  return {
    title: 'Findings: open, closed, overdue',
    blocks: [
      ...tableOr('The register has no finding for this period.', {
        title: 'Findings at the end of the period',
        head: columns('Finding, owner', 'State', 'Drill, check', 'Opened, retested'),
        rows: findings.map((finding) => [
          { lines: [`${finding.id}${finding.isNew ? ', new' : ''}`, ...ownerWords(finding), `due ${finding.due}`] },
          mark(isFlaky(finding, flaky) ? 'inconclusive' : stateVerdicts[finding.state], finding.state),
          { lines: [finding.drill, finding.check, finding.what] },
          { lines: [`run ${finding.openedBy}`, date(finding.openedAt), ...retestWords(finding, flaky)] },
        ]),
      }),
      ...(disputed.length === 0
        ? []
        : [
            {
              kind: 'list' as const,
              title: 'Closed without a green retest in the ledger',
              items: disputed,
            },
          ]),
    ],
  };
}

function ownerWords({ owner, accepted }: ReportedFinding): string[] {
  return accepted === undefined ? [owner] : [owner, `taken on ${accepted}`];
}

function retestWords(finding: ReportedFinding, flaky: QuarterlyReport['flaky']): string[] {
  const { retest, closedSince } = finding;
  if (retest === undefined) return ['no retest yet'];
  return [
    `green: run ${retest}${closedSince ? ', after the period' : ''}`,
    ...(isFlaky(finding, flaky) ? ['nothing had changed'] : []),
  ];
}

/** Whether what has closed it is the green half of a flaky pair: then nobody knows that anything was mended. */
function isFlaky({ openedBy, retest }: ReportedFinding, flaky: QuarterlyReport['flaky']): boolean {
  return flaky.some(({ red, green }) => red === openedBy && green === retest);
}

/** Whether the drills can be trusted to turn red. */
export function controlsSection({ controls }: QuarterlyReport): Part {
  const { planned, caught, runs, without, missed } = controls;
  const list: Block[] = [
    ...(missed.length === 0
      ? []
      : [
          {
            kind: 'list' as const,
            title: 'Not caught',
            items: missed.map(({ run, names }) => `run ${run}: ${names.join(', ') || 'its record does not name them'}`),
          },
        ]),
    ...(without.length === 0
      ? []
      : [{ kind: 'list' as const, title: 'Runs without any', items: [without.join(', ')] }]),
  ];
  return {
    title: 'Negative controls caught',
    blocks: [
      planned === 0
        ? { kind: 'empty', text: 'No negative control was played: nobody has seen these checks turn red.' }
        : {
            kind: 'facts',
            facts: [
              { name: 'Caught', value: mark(caught === planned ? 'pass' : 'fail', `${caught} of ${planned}`) },
              { name: 'In runs', value: String(runs) },
            ],
          },
      ...list,
    ],
  };
}

/** What was measured of the masked copies. */
export function maskingSection({ masking }: QuarterlyReport): Part {
  return {
    title: 'Masking assurance',
    blocks: [
      {
        kind: 'text',
        text: 'No tool proves the absence of personal data. Measured is whether canaries planted in every kind of place were found before masking and not after it, and what patterns and source values the scan of the copy has found. Keyed, repeatable masking makes a copy pseudonymous, not anonymous.',
      },
      ...tableOr('No masked copy was scanned in the period.', {
        title: 'Scans, by drill',
        head: columns(
          'Drill',
          'Columns classified #',
          'Rows scanned #',
          'Of rows #',
          'Canaries before #',
          'After #',
          'Leaks #',
          'Verdict',
        ),
        rows: [...Map.groupBy(masking.lines, ({ drill }) => drill)].map(([drill, scans]) => scansRow(drill, scans)),
      }),
      ...(masking.lines.every(({ verdict }) => verdict === 'pass')
        ? []
        : [{ kind: 'list' as const, title: 'Scans that did not pass', items: masking.lines.flatMap(redScan) }]),
      ...(masking.notMeasured.length === 0
        ? []
        : [{ kind: 'list' as const, title: 'Runs without a measurement', items: [masking.notMeasured.join(', ')] }]),
    ],
  };
}

/** All scans of a drill as one row; the columns are those of the last. */
function scansRow(drill: string, scans: readonly MaskingAssurance[]): Cell[] {
  const total = (of: (scan: MaskingAssurance) => number): number => scans.reduce((sum, scan) => sum + of(scan), 0);
  return [
    { lines: [drill, counted(scans.length, 'scan')] },
    number(scans.at(-1)?.columnsClassified ?? 0),
    number(total(({ rowsScanned }) => rowsScanned)),
    number(total(({ rowsCopied }) => rowsCopied)),
    `${number(total((scan) => scan.canariesFoundBefore))} of ${number(total((scan) => scan.canariesPlanted))}`,
    number(total((scan) => scan.canariesFoundAfter)),
    number(total(({ leaks }) => leaks)),
    mark(mergeVerdicts(scans.map(({ verdict }) => verdict))),
  ];
}

function redScan({
  run,
  verdict,
  canariesFoundAfter,
  leaks,
  canariesFoundBefore,
  canariesPlanted,
}: MaskingAssurance): string[] {
  if (verdict === 'pass') return [];
  if (verdict === 'fail')
    return [`run ${run}: ${canariesFoundAfter} canaries after masking, ${counted(leaks, 'leak')}`];
  return [`run ${run}: the scan found ${canariesFoundBefore} of ${canariesPlanted} canaries where all were`];
}

/** Runbooks and objectives that are not what they were. */
export function changesSection({ changes }: QuarterlyReport): Part {
  return {
    title: 'Changes of runbooks and objectives',
    blocks: tableOr('By their digests neither a runbook nor an objective was changed between two runs of the period.', {
      title: 'Changes',
      head: columns('What', 'Before (sha256)', 'After (sha256)', 'First run with it'),
      rows: changes.map(({ what, name, before, after, versions, run, at }) => [
        { lines: [`${what} of ${name}`, ...(versions ? [`version ${versions.before} to ${versions.after}`] : [])] },
        { code: before },
        { code: after },
        run === undefined || at === undefined ? mark('inconclusive', 'none yet') : { lines: [`run ${run}`, date(at)] },
      ]),
    }),
  };
}
