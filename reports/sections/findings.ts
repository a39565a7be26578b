import type { Finding } from '../../domain/finding.ts';
import type { DrillRecord } from '../../domain/record.ts';
import { mark, type Block } from '../blocks.ts';

/** Which section a check belongs to, by its name; the first rule that fits wins, so every check has exactly one. */
const rules: [name: RegExp, section: number][] = [
  [/(^|\.)smoke\./, 11],
  [/mask|leak|canar/, 10],
  [/^objectives/, 8],
  [/^controls/, 13],
  [/^clean-up/, 14],
  [/^memory/, 5],
  [/^backup/, 6],
  [/session|credential|security/, 12],
  [/integrity|search|reconcil|objects/, 9],
];

/** Section of the checks that no rule names: the course of the run. */
const otherwise = 7;

export function sectionOfCheck(check: string): number {
  return rules.find(([name]) => name.test(check))?.[1] ?? otherwise;
}

/** The findings that the section shows, those of `integrity` included, each once. */
export function findingsOf(record: DrillRecord, section: number): Finding[] {
  const all = [
    ...(section === 9 ? record.integrity : []),
    ...record.findings.filter(({ check }) => sectionOfCheck(check) === section),
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
