import { describe, expect, test } from 'vitest';
import type { Leak, PlaceExtents, ScanResult } from '../domain/masking.ts';
import type { Canary } from '../domain/system.ts';
import { judgeMaskedCopy, maskingChecks, type MaskedCopyObservation } from './masking.ts';

const canaries: Canary[] = [
  { id: 1, value: 'Zaharia Quintescu', kind: 'column', place: 'club.members.name' },
  { id: 2, value: '+40 799 000 001', kind: 'json', place: 'club.members.data' },
];
const extents = (rows: Record<string, number>): PlaceExtents =>
  Object.fromEntries(Object.entries(rows).map(([name, count]) => [name, { rows: count, columns: 2 }]));
const there = { 'club.members': 10, 'club.visits': 15, 'club.sessions': 0, 'index:things': 5 };
const scan = (changes: Partial<ScanResult>): ScanResult => ({
  rowsScanned: 30,
  columnsScanned: 8,
  read: extents(there),
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
  scanner: {
    owed: [
      { detector: 'email', place: 'specimens.kinds.data' },
      { detector: 'iban', place: 'index:specimens' },
    ],
    leaks: [
      { detector: 'iban', place: 'index:specimens', count: 1 },
      { detector: 'email', place: 'specimens.kinds.data', count: 2 },
    ],
  },
  before: scan({ canariesFound: [1, 2], leaks: [{ detector: 'email', place: 'club.members.email', count: 10 }] }),
  after: scan({}),
  extents: { before: extents(there), after: extents(there) },
  source: { constraints, indexes, rows: { 'club.members': 10, 'club.visits': 15, 'club.sessions': 5 } },
  masked: { constraints, indexes, rows: { 'club.members': 10, 'club.visits': 15, 'club.sessions': 0 } },
  cleared: ['club.sessions'],
  columns: [{ place: 'club.members.email', rule: 'replace test-{id}@example.com', rows: 10, violations: 0 }],
  rolePasswords: [
    { role: 'api', hasPassword: true, ofProduction: false },
    { role: 'reader', hasPassword: false, ofProduction: false },
  ],
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
      'a detector that is blind in one place',
      'masking.scanner',
      { scanner: { ...good.scanner, leaks: good.scanner.leaks.slice(0, 1) } },
      'specimens.kinds.data: the email was not seen',
    ],
    [
      'a role with a password of production',
      'masking.role-passwords',
      { rolePasswords: [{ role: 'api', hasPassword: true, ofProduction: true }] },
      'api opens the copy',
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
    ['a scanner that was shown nothing', ['masking.scanner'], { scanner: { owed: [], leaks: [] } }],
    ['no role', ['masking.role-passwords'], { rolePasswords: [] }],
    [
      'one table of the copy that was passed over',
      ['masking.scanned', 'masking.leaks'],
      { after: scan({ read: extents({ ...there, 'club.visits': 0 }) }) },
    ],
    [
      'one row of the copy too few',
      ['masking.scanned', 'masking.leaks'],
      { after: scan({ read: extents({ ...there, 'club.visits': 14 }) }) },
    ],
    [
      'columns of the copy that were passed over',
      ['masking.scanned', 'masking.leaks'],
      { after: scan({ read: { ...extents(there), 'club.visits': { rows: 15, columns: 1 } } }) },
    ],
    [
      'documents of an index that were not read',
      ['masking.scanned', 'masking.leaks'],
      { after: scan({ read: extents({ ...there, 'index:things': 0 }) }) },
    ],
    [
      'an index of the copy that nobody has filled',
      ['masking.scanned'],
      {
        after: scan({ read: extents({ ...there, 'index:things': 0 }) }),
        extents: { before: extents(there), after: extents({ ...there, 'index:things': 0 }) },
      },
    ],
    [
      'an index of the copy that is not there at all',
      ['masking.scanned'],
      { extents: { before: extents(there), after: extents({ 'club.members': 10, 'club.visits': 15 }) } },
    ],
    [
      'a table of the source that was passed over',
      ['masking.scanned'],
      { before: { ...good.before, read: extents({ ...there, 'club.members': 0 }) } },
    ],
    [
      'a source without anything',
      ['masking.scanned'],
      { before: { ...good.before, read: {} }, extents: { ...good.extents, before: {} } },
    ],
    [
      'a scan of nothing',
      ['masking.scanned', 'masking.canaries-after', 'masking.leaks'],
      { after: scan({ rowsScanned: 0, read: {} }) },
    ],
    [
      'a copy without anything',
      ['masking.scanned', 'masking.canaries-after', 'masking.leaks'],
      { after: scan({ rowsScanned: 0, read: {} }), extents: { ...good.extents, after: {} } },
    ],
    ['no masked column', ['masking.rules'], { columns: [] }],
  ])('proves nothing with %s', ([, checks, changes]) => {
    expect(judged(changes).map(({ check, verdict }) => [check, verdict])).toEqual(
      checks.map((check) => [check, 'inconclusive']),
    );
  });

  test.for<[string, string, Partial<MaskedCopyObservation>]>([
    [
      'no constraint and no index',
      'masking.foreign-keys',
      {
        source: { ...good.source, constraints: [], indexes: [] },
        masked: { ...good.masked, constraints: [], indexes: [] },
      },
    ],
    [
      'no table to be cleared',
      'masking.cleared',
      { cleared: [], masked: { ...good.masked, rows: good.source.rows }, after: scan({ rowsScanned: 1_000 }) },
    ],
  ])('does not apply to a source with %s', ([, check, changes]) => {
    expect(judged(changes).map(({ check, verdict }) => [check, verdict])).toEqual([[check, 'not-applicable']]);
  });

  test('tells of every place that was not read, on which side', () => {
    const read = extents({ ...there, 'club.visits': 3, 'index:things': 0 });
    const finding = judged({ after: scan({ read }) }).find(({ check }) => check === 'masking.scanned');
    expect(finding?.evidence).toEqual(['copy, club.visits: 3 of 15 read', 'copy, index:things: 0 of 5 read']);
  });

  test('never quotes a canary', () => {
    const after = scan({ canariesFound: [1, 2], leaks: [leak({ detector: 'canary', canaryIds: [1, 2] })] });
    const text = JSON.stringify(judgeMaskedCopy({ ...good, before: scan({}), after }));
    for (const { value } of canaries) expect(text).not.toContain(value);
  });
});
