import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { runbookJsonSchema } from './json-schema.ts';
import { mistakes, valid, vocabulary } from './load.test-data.ts';
import { loadRunbook, parseRunbook } from './load.ts';

test('a valid runbook is read with units in milliseconds and defaults applied to each probe', () => {
  const runbook = parseRunbook(valid, 'shop.yaml', vocabulary);
  expect(runbook.objective).toEqual({ rtoMs: 14_400_000, rpoMs: 1_800_000 });
  expect(runbook.services['database']).toEqual({
    title: 'Database',
    store: 'postgres',
    objective: { rtoMs: 7_200_000, rpoMs: 5_400_000 },
    backupEveryMs: 86_400_000,
  });
  expect(runbook.scenarios['loss']?.steps[0]).toEqual({ id: 'stop', title: 'Stop', action: 'stop', budgetMs: 90_000 });
  expect(runbook.smoke.probes).toEqual([
    {
      name: 'ready',
      method: 'GET',
      path: '/ready',
      expect: { status: [200], json: { ok: true } },
      limitMs: 2_000,
      requests: 3,
    },
    {
      name: 'closed',
      method: 'POST',
      path: '/x',
      security: true,
      expect: { status: [401, 403] },
      limitMs: 2_000,
      requests: 1,
    },
  ]);
  expect(runbook.masking.tables).toEqual({
    'public.people': {
      columns: {
        id: { kind: 'keep' },
        email: { kind: 'replace', template: 'test-{id}@example.com' },
        notes: { kind: 'redact', as: 'text' },
        left: { kind: 'null' },
      },
    },
    'public.sessions': { clear: true, columns: {} },
  });
  expect(runbook.reconciliation).toEqual({});
  expect(runbook.backup).toEqual({ compression: 'zstd', maxSkewMs: 900_000 });
});

test('a name that nothing answers to is told together with mistakes of form', () => {
  const lines = mistakes(['rto: 4h', 'rto: soon'], ['action: stop', 'action: pause']);
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain('expected a known action');
});

test.for([
  '',
  '[]',
  'name: 1',
  'scenarios: [1]',
  'scenarios: { a: { steps: x } }',
  'smoke: { probes: [1, { name: 2 }] }',
])('what is no runbook at all (%s) is told by its form', (source) => {
  expect(() => parseRunbook(source, 'x.yaml', vocabulary)).toThrow(
    /the runbook x\.yaml has \d+ mistakes?\nx\.yaml:1:1/,
  );
});

test('a file that is not there is one clear error', async () => {
  await expect(loadRunbook('nowhere.yaml', vocabulary)).rejects.toThrow(/the runbook cannot be read.*nowhere\.yaml/);
});

test('the committed JSON Schema is the one of the format (npm run schemas)', async () => {
  const committed = await readFile(new URL('runbook.schema.json', import.meta.url), 'utf8');
  expect(committed).toBe(runbookJsonSchema());
});

test('what is asked of the availability while servers fail refers to probes and services of the runbook', () => {
  const asked = (probes: string): [string, string] => [
    'masking:',
    `availability: { requestsPerSecond: 20, probes: ${probes}, servedBy: x-from, outageLimit: 5m, errorShareLimit: 0.05 }\nmasking:`,
  ];
  const source = valid.replace(...asked('{ ready: database }'));
  expect(parseRunbook(source, 'shop.yaml', vocabulary).availability).toEqual({
    requestsPerSecond: 20,
    probes: { ready: 'database' },
    servedBy: 'x-from',
    outageLimitMs: 300_000,
    errorShareLimit: 0.05,
  });
  expect(parseRunbook(valid, 'shop.yaml', vocabulary)).not.toHaveProperty('availability');
  expect(mistakes(asked('{ redy: database, ready: data }'))).toEqual([
    expect.stringContaining(
      'availability.probes.redy: expected a known probe of the runbook (ready, closed), actual `redy`',
    ),
    expect.stringContaining(
      'availability.probes.ready: expected a known service of the runbook (database, finder), actual `data`',
    ),
  ]);
});
