import { sectionOf } from '../../domain/catalogue.ts';
import type { ReportSection } from '../../domain/check-entry.ts';
import type { Finding } from '../../domain/finding.ts';
import type { DrillRecord } from '../../domain/record.ts';
import { mark, type Block } from '../blocks.ts';

/** The findings that the section shows, those of `integrity` included, each once. */
export function findingsOf(record: DrillRecord, section: ReportSection): Finding[] {
  const all = [
    ...(section === 'integrity' ? record.integrity : []),
    ...record.findings.filter(({ check }) => sectionOf(check) === section),
  ];
  return [...new Map(all.map((finding) => [JSON.stringify(finding), finding])).values()];
}

/** A table of findings; nothing where there is none. */
export function findingsTable(title: string, findings: readonly Finding[]): Block[] {
  if (findings.length === 0) return [];
  return [
    {
      kind: 'table',
      title,
      columns: ['Check', 'Verdict', 'Expected', 'Actual'].map((column) => ({ title: column })),
      rows: findings.map(({ check, verdict, expected, actual, evidence = [] }) => [
        { code: check },
        mark(verdict),
        expected,
        evidence.length === 0 ? actual : { lines: [actual, ...evidence] },
      ]),
    },
  ];
}
