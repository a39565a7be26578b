import type { DifferenceKind, ReconciledStore } from '../../domain/reconciliation.ts';
import type { DrillRecord } from '../../domain/record.ts';
import type { ReconciliationRecord } from '../../domain/record-recovery.ts';
import { mark, type Block, type Cell } from '../blocks.ts';
import { counted, number } from '../format.ts';

/** Rows and stores held against one another, as the recovery left them and after the repair. */
export function reconciliationBlocks(record: DrillRecord): Block[] {
  const { reconciliations = [], repairs = [] } = record;
  if (reconciliations.length === 0) {
    return [{ kind: 'empty', text: 'Rows and stores were not reconciled with one another in this run.' }];
  }
  const recovered = reconciliations.filter(({ moment }) => moment === 'recovered');
  const repaired = reconciliations.filter(({ moment }) => moment === 'repaired');
  return [
    {
      kind: 'text',
      text: `Rows and stores were reconciled both ways by content (checksum, version, time of change), not by count.${repaired.length > 0 ? ' What the recovery left was repaired where the runbook says so; the drill is judged by what was left after that.' : ''}`,
    },
    ...table('Reconciliation as the recovery left it', recovered),
    ...repairsBlock(repairs),
    ...(repaired.length === 0 && repairs.length > 0
      ? ([{ kind: 'empty', text: 'The repair was not checked: nothing was compared after it.' }] satisfies Block[])
      : table('Reconciliation after the repair', repaired)),
  ];
}

function table(title: string, lines: readonly ReconciliationRecord[]): Block[] {
  if (lines.length === 0) return [];
  const numeric = (column: string) => ({ title: column, numeric: true });
  return [
    {
      kind: 'table',
      title,
      columns: [
        { title: 'Store' },
        { title: 'Verdict' },
        numeric('Rows'),
        numeric('Items'),
        numeric('Compared'),
        { title: 'Differences, with the first keys' },
      ],
      rows: lines.map(({ store, scope, verdict, rows, items, compared, differences }) => [
        scope === undefined ? store : { lines: [store, scope] },
        mark(verdict),
        number(rows),
        number(items),
        number(compared),
        compared === 0 && differences.length === 0 ? 'nothing to compare' : differencesCell(store, differences),
      ]),
    },
  ];
}

const words: Record<ReconciledStore, Record<DifferenceKind, [one: string, several: string]>> = {
  objects: {
    dangling: ['row without its object', 'rows without their object'],
    orphan: ['object without a row', 'objects without a row'],
    stale: ['object with another content than its row', 'objects with another content than their row'],
    uncompared: ['object whose content is not known', 'objects whose content is not known'],
  },
  search: {
    dangling: ['document without its row', 'documents without their row'],
    orphan: ['row without its document', 'rows without their document'],
    stale: ['document with another content than its row', 'documents with another content than their row'],
    uncompared: ['document whose content is not known', 'documents whose content is not known'],
  },
};

function differencesCell(store: ReconciledStore, differences: ReconciliationRecord['differences']): Cell {
  if (differences.length === 0) return 'none';
  return {
    lines: differences.map(({ kind, count, keys }) => {
      const more = count > keys.length && keys.length > 0 ? ` and ${number(count - keys.length)} more` : '';
      const listed = keys.length === 0 ? '' : `: ${keys.join(', ')}${more}`;
      return `${kind}, ${counted(count, ...words[store][kind])}${listed}`;
    }),
  };
}

function repairsBlock(repairs: NonNullable<DrillRecord['repairs']>): Block[] {
  if (repairs.length === 0) return [{ kind: 'empty', text: 'Nothing was repaired.' }];
  return [
    {
      kind: 'table',
      title: 'Repairs, as the runbook asks for them',
      columns: [{ title: 'Store' }, { title: 'What was done' }, { title: 'Count', numeric: true }],
      rows: repairs.map(({ store, what, count }) => [store, what, number(count)]),
    },
  ];
}
