import { describe, expect, test } from 'vitest';
import type { Leak, ScanResult } from '../domain/masking.ts';
import type { Canary } from '../domain/system.ts';
import { judgeMaskedCopy, maskingChecks, type MaskedCopyObservation } from './masking.ts';

const canaries: Canary[] = [
  { id: 1, value: 'Zaharia Quintescu', kind: 'column', place: 'club.members.name' },
  { id: 2, value: '+40 799 000 001', kind: 'json', place: 'club.members.data' },
];
const scan = (changes: Partial<ScanResult>): ScanResult => ({
  rowsScanned: 30,
  columnsScanned: 7,
  canariesFound: [],
  leaks: [],
  durationMs: 5,
  ...changes,
});
const constraints = [
  'club.members members_pkey PRIMARY KEY (id) [valid]',
  'club.visits fk FOREIGN KEY (member) … [valid]',
];
const indexes = ['club.members_email_key CREATE UNIQUE INDEX … [valid]'];

/** A masked copy that is as it must be. */
const good: MaskedCopyObservation = {
  classified: { columns: 7, problems: [] },
  canaries,
  before: scan({ canariesFound: [1, 2], leaks: [{ detector: 'email', place: 'club.members.email', count: 10 }] }),
  after: scan({ rowsScanned: 26 }),
  source: { constraints, indexes, rows: { 'club.members': 10, 'club.visits': 15, 'club.sessions': 5 } },
  masked: { constraints, indexes, rows: { 'club.members': 10, 'club.visits': 15, 'club.sessions': 0 } },
  cleared: ['club.sessions'],
  columns: [{ place: 'club.members.email', rule: 'replace test-{id}@example.com', rows: 10, violations: 0 }],
};
const leak = (changes: Partial<Leak>): Leak => ({ detector: 'email', place: 'club.visits.note', count: 2, ...changes });
const maskedRows = (changes: Record<string, number>) => ({ ...good.masked, rows: { ...good.masked.rows, ...changes } });

const judged = (changes: Partial<MaskedCopyObservation>) =>
  judgeMaskedCopy({ ...good, ...changes }).filter(({ verdict }) => verdict !== 'pass');

describe('judgeMaskedCopy', () => {
  test('passes a copy that is as it must be, and names every check', () => {
    const findings = judgeMaskedCopy(good);
    expect(findings.map(({ check }) => check)).toEqual(maskingChecks);
    expect(findings.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
  });

  test.for<[string, string, Partial<MaskedCopyObservation>, string]>([
    [
      'an unclassified column',
      'masking.classified',
      { classified: { columns: 7, problems: ['club.members.x: not classified'] } },
      'club.members.x',
    ],
    ['a policy over nothing', 'masking.classified', { classified: { columns: 0, problems: [] } }, ''],
    [
      'a canary that is not found before',
      'masking.canaries-before',
      { before: scan({ canariesFound: [1] }) },
      'canary 2 (json, club.members.data)',
    ],
    [
      'a canary that is found after',
      'masking.canaries-after',
      { after: scan({ canariesFound: [2], leaks: [leak({ detector: 'canary', canaryIds: [2] })] }) },
      'club.visits.note: canaries 2',
    ],
    ['an e-mail address', 'masking.leaks', { after: scan({ leaks: [leak({})] }) }, 'club.visits.note: 2 times email'],
    [
      'a value of the source',
      'masking.leaks',
      { after: scan({ leaks: [leak({ detector: 'source-value' })] }) },
      '2 times source-value',
    ],
    [
      'a value that its rule cannot have made',
      'masking.rules',
      { columns: [{ place: 'club.members.email', rule: 'null', rows: 10, violations: 1 }] },
      'club.members.email: 1 of 10 rows not by `null`',
    ],
    [
      'a row too few',
      'masking.rows',
      { masked: maskedRows({ 'club.visits': 14 }) },
      'club.visits: 14 rows, source 15 rows',
    ],
    [
      'a table that is not there',
      'masking.rows',
      { source: { ...good.source, rows: { ...good.source.rows, 'club.more': 1 } } },
      'club.more: no such table',
    ],
    [
      'a session that is left',
      'masking.cleared',
      { masked: maskedRows({ 'club.sessions': 1 }) },
      'club.sessions: 1 rows',
    ],
    [
      'a foreign key that is missing',
      'masking.foreign-keys',
      { masked: { ...good.masked, constraints: constraints.slice(0, 1) } },
      'missing: club.visits fk',
    ],
    [
      'a foreign key that is not valid',
      'masking.foreign-keys',
      { masked: { ...good.masked, constraints: constraints.map((line) => line.replace('[valid]', '[not valid]')) } },
      'unexpected: club.members members_pkey PRIMARY KEY (id) [not valid]',
    ],
    [
      'a unique index that is not valid',
      'masking.foreign-keys',
      { masked: { ...good.masked, indexes: indexes.map((line) => line.replace('[valid]', '[invalid]')) } },
      '[invalid]',
    ],
  ])('is red for %s', ([, check, changes, evidence]) => {
    const [finding, ...others] = judged(changes);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ check, verdict: 'fail' });
    expect(finding?.evidence?.join('\n')).toContain(evidence);
    expect(finding?.recommendation).toBeTruthy();
  });

  test.for<[string, string[], Partial<MaskedCopyObservation>]>([
    ['no canary', ['masking.canaries-before', 'masking.canaries-after'], { canaries: [] }],
    ['rows that were not scanned', ['masking.leaks'], { after: scan({ rowsScanned: 24 }) }],
    ['a scan of nothing', ['masking.canaries-after', 'masking.leaks'], { after: scan({ rowsScanned: 0 }) }],
    ['no masked column', ['masking.rules'], { columns: [] }],
    [
      'no constraint and no index',
      ['masking.foreign-keys'],
      {
        source: { ...good.source, constraints: [], indexes: [] },
        masked: { ...good.masked, constraints: [], indexes: [] },
      },
    ],
  ])('proves nothing with %s', ([, checks, changes]) => {
    expect(judged(changes).map(({ check, verdict }) => [check, verdict])).toEqual(
      checks.map((check) => [check, 'inconclusive']),
    );
  });

  test('never quotes a canary', () => {
    const after = scan({ canariesFound: [1, 2], leaks: [leak({ detector: 'canary', canaryIds: [1, 2] })] });
    const text = JSON.stringify(judgeMaskedCopy({ ...good, before: scan({}), after }));
    for (const { value } of canaries) expect(text).not.toContain(value);
  });
});
