import { expect, test } from 'vitest';
import { notApplicable } from '../domain/finding.ts';
import { sampleRecord } from '../reports/sample-records.test-data.ts';
import { summaryOf } from './summary.ts';

const linesOf = (...args: Parameters<typeof summaryOf>): string[] =>
  summaryOf(...args)
    .trim()
    .split('\n');

test('the end of a run says the way of recovery, RTO by service, what was reconciled and the requests at a rate', () => {
  expect(linesOf(sampleRecord('everything'), 'out')).toEqual([
    'PASS  full-loss, 1m 0.4s',
    'way      dump',
    'on       synthetic data; stand-ins, no evidence for the products: search (for Meilisearch)',
    'RTO      15.6s of 4h',
    'RTO      Database: 8.5s of 2h',
    'RTO      Object storage: 5s of 1h',
    'RTO      Search: 2.2s of 30m',
    'RPO      postgres: 6.1s of 30m, 24 of 96 acknowledged writes lost',
    'RPO      objects: 240ms of 1h, 0 of 95 acknowledged writes lost',
    'RPO      search: 310ms of 15m, 0 of 92 acknowledged writes lost',
    'content  objects scans: 321 rows, 323 objects, 321 compared, 2 orphan; after the repair no difference',
    'content  search parcels: 20000 rows, 19996 documents, 19995 compared, 1 dangling, 5 orphan, 12 stale; after the repair no difference',
    'masking  25 of 25 canaries found before, 0 after',
    'smoke    18 of 18 probes green',
    'rate     600 requests to 3 probes: 0 errors, 0 over the limit, greatest p99 61ms',
    'controls caught 8 of 8',
    'report   out/report.html',
  ]);
});

test('what a drill does not have is not there, and what is red is', () => {
  const plain = linesOf(sampleRecord('passing'), 'out');
  expect(plain.filter((line) => /^(way|content|rate)/.test(line))).toEqual([]);
  const record = sampleRecord('everything');
  Object.assign(record.rtoByService![0]!, { totalMs: 9_000_000, verdict: 'fail' });
  Object.assign(record.sustained![0]!, { errors: 3, overLimitShare: 0.01 });
  expect(linesOf(record, 'out')).toContain('RTO      Database: 2h 30m of 2h, fail');
  expect(linesOf(record, 'out')).toContain(
    'rate     600 requests to 3 probes: 3 errors, 2 over the limit, greatest p99 61ms',
  );
});

test('what clients saw of each failed server has a line, whether it ended or not', () => {
  const line = {
    fault: 'one is killed',
    server: 'one',
    faultAtMs: 4_000,
    budgetMs: 300_000,
    requests: 130,
    failed: 4,
    failures: { '502': 4 },
    outageMs: 1_000,
    verdict: 'pass' as const,
  };
  const availability = {
    perSecond: 40,
    probes: ['page'],
    bucketMs: 1_000,
    outageLimitMs: 300_000,
    errorShareLimit: 0.05,
    buckets: [],
    events: [],
    switches: [{ ...line, failedOverAfterMs: 300 }, line],
  };
  const lines = linesOf({ ...sampleRecord('passing'), availability }, 'out');
  expect(lines.filter((each) => each.startsWith('failover'))).toEqual([
    'failover one: errors ended after 300ms of 5m, 4 of 130 requests failed',
    'failover one: errors did not end within the watch, budget 5m, 4 of 130 requests failed',
  ]);
});

test('checks that do not apply are counted apart, and are not among what is red', () => {
  const record = sampleRecord('everything');
  record.findings.push(notApplicable('integrity.triggers', 'the same triggers', 'the database has none'));
  const lines = linesOf(record, 'out');
  expect(lines).toContain(`not applicable: 1 of ${record.findings.length} checks has nothing to look at here`);
  expect(lines.filter((line) => line.includes('integrity.triggers'))).toEqual([]);
});

test('writes that are lost with their part in another store are said to be', () => {
  const record = sampleRecord('everything');
  const objects = record.rpo.find(({ store }) => store === 'objects')!;
  objects.lostWrites = 24;
  objects.lostFrom = [
    { store: 'objects', writes: 0 },
    { store: 'postgres', writes: 24 },
  ];
  expect(linesOf(record, 'out')).toContain(
    'RPO      objects: 240ms of 1h, 24 of 95 acknowledged writes lost, 24 by the loss in postgres',
  );
});
