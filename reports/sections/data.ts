import { notHandedOver } from '../../domain/not-done.ts';
import type { DrillRecord } from '../../domain/record.ts';
import { facts, mark, type Block, type Section } from '../blocks.ts';
import { counted, duration, number } from '../format.ts';
import { whyEmpty } from '../state.ts';
import { findingsOf, findingsTable } from './findings.ts';
import { reconciliationBlocks } from './reconciliation.ts';

export function integritySection(record: DrillRecord): Section {
  const findings = findingsOf(record, 'integrity');
  return {
    number: 9,
    title: 'Integrity',
    blocks: [
      ...(findings.length === 0
        ? ([{ kind: 'empty', text: whyEmpty(record, 'verify', 'the restored content') }] satisfies Block[])
        : ([
            {
              kind: 'text',
              text: 'Judged before masking, against what was known before the fault and kept outside the destroyed server.',
            },
            ...findingsTable('Expected and actual', findings),
          ] satisfies Block[])),
      ...reconciliationBlocks(record),
    ],
  };
}

export function maskingSection(record: DrillRecord): Section {
  return {
    number: 10,
    title: 'Masking',
    blocks: [...maskingBlocks(record), ...findingsTable('Checks of the masked copy', findingsOf(record, 'masking'))],
  };
}

function largeObjectsInWords({
  objects,
  rule,
}: NonNullable<NonNullable<DrillRecord['masking']>['largeObjects']>): string {
  if (objects === 0) return 'none in the database';
  if (rule.kind === 'drop') return `${number(objects)} left out of the copy`;
  if (rule.kind === 'keep') return `${number(objects)} kept as they are: ${rule.reason}`;
  return `${number(objects)} kept, the content of each replaced by “${rule.text}”`;
}

function maskingBlocks(record: DrillRecord): Block[] {
  const { masking } = record;
  if (record.scope.maskedCopy === false) {
    return [{ kind: 'empty', text: 'This drill hands over no copy of the data, so nothing was masked.' }];
  }
  const withheld = record.timeline.find(({ kind, message }) => kind === 'skip' && message.includes(notHandedOver));
  if (!masking && withheld) return [{ kind: 'empty', text: `There is no masked copy. ${withheld.message}.` }];
  if (!masking) return [{ kind: 'empty', text: whyEmpty(record, 'hand-over', 'a masked copy') }];
  const { rules, canariesPlanted, canariesFoundBefore, canariesFoundAfter, canariesByKind, leaks } = masking;
  const allFound = canariesPlanted > 0 && canariesFoundBefore === canariesPlanted;
  return [
    facts({
      'Columns classified': `${number(masking.columnsClassified)}: ${rules.keep} kept, ${rules.replace} replaced, ${rules.redact} redacted, ${rules.null} emptied; ${counted(rules.clear, 'table')} cleared`,
      ...(masking.largeObjects && { 'Large objects': largeObjectsInWords(masking.largeObjects) }),
      'Rows copied': `${number(masking.rowsCopied)} in ${duration(masking.durationMs)}`,
      'Rows scanned': number(masking.rowsScanned),
      'Canaries found before masking': mark(
        allFound ? 'pass' : 'inconclusive',
        `${canariesFoundBefore} of ${canariesPlanted} planted`,
      ),
      'Canaries found after masking': mark(
        canariesFoundAfter > 0 ? 'fail' : allFound ? 'pass' : 'inconclusive',
        `${canariesFoundAfter} of ${canariesPlanted}`,
      ),
    }),
    {
      kind: 'table',
      title: 'Canaries planted, by kind of place',
      columns: [{ title: 'Kind of place' }, { title: 'Planted', numeric: true }],
      rows: Object.entries(canariesByKind).map(([kind, planted]) => [kind, number(planted)]),
    },
    leaks.length === 0
      ? { kind: 'empty', text: 'The scanner recognised no personal data in the masked copy.' }
      : {
          kind: 'table',
          title: 'Leaks in the masked copy (never the value itself)',
          columns: [{ title: 'Recognised as' }, { title: 'Place' }, { title: 'Found', numeric: true }],
          rows: leaks.map(({ detector, place, count }) => [detector, { code: place }, number(count)]),
        },
  ];
}
