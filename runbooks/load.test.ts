import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { DrillError } from '../domain/drill-error.ts';
import { runbookJsonSchema } from './json-schema.ts';
import { loadRunbook, parseRunbook, type Vocabulary } from './load.ts';

const vocabulary: Vocabulary = { actions: ['stop', 'restore'], systems: ['shop'] };

const valid = `
name: shop
title: The shop
version: '1'
owner: Us
classification: Internal
system: shop
objective: { rto: 4h, rpo: 30m }
services:
  database: { title: Database, objective: { rto: 2h, rpo: 1h30m }, backupEvery: 1 day }
scenarios:
  loss:
    title: Loss
    drill: db-loss
    service: database
    symptoms: [errors]
    steps:
      - { id: stop, title: Stop, action: stop, budget: 90s }
      - { id: call, title: Call the owner, manual: people do that }
smoke:
  limit: 2s
  requests: 3
  detectBy: ready
  probes:
    - { name: ready, path: /ready, expect: { status: 200, json: { ok: true } } }
    - { name: closed, method: POST, path: /x, security: true, requests: 1, expect: { status: [401, 403] } }
masking:
  tables:
    public.people:
      columns: { id: keep, email: { replace: 'test-{id}@example.com' }, notes: { redact: text }, left: 'null' }
    public.sessions: { clear: true }
cadence: { frequency: quarterly }
roles: [{ role: Lead, responsibility: responsible, contact: '{lead}' }]
contacts: [{ role: Lead, primary: '{lead}' }]
successCriteria: [It works]
`;

/** The lines of mistakes for `valid` with one text replaced by another. */
function mistakes(...changes: [from: string, to: string][]): string[] {
  const source = changes.reduce((text, [from, to]) => {
    expect(text).toContain(from);
    return text.replace(from, to);
  }, valid);
  try {
    parseRunbook(source, 'shop.yaml', vocabulary);
  } catch (error) {
    expect(error).toBeInstanceOf(DrillError);
    expect((error as DrillError).code).toBe('configuration');
    return (error as DrillError).facts.hint?.split('\n') ?? [];
  }
  return [];
}

test('a valid runbook is read with units in milliseconds and defaults applied to each probe', () => {
  const runbook = parseRunbook(valid, 'shop.yaml', vocabulary);
  expect(runbook.objective).toEqual({ rtoMs: 14_400_000, rpoMs: 1_800_000 });
  expect(runbook.services['database']).toEqual({
    title: 'Database',
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

test.for<[string, [string, string], string]>([
  [
    'a duration nobody can read',
    ['rto: 4h', 'rto: soon'],
    'shop.yaml:8:14: objective.rto: expected a duration such as `45s`, `30m` or `2h`, actual `"soon"`',
  ],
  [
    'a duration of nothing',
    ['budget: 90s', 'budget: 0s'],
    'shop.yaml:18:48: scenarios.loss.steps.0.budget: expected a duration longer than zero, actual `"0s"`',
  ],
  ['a missing key', ['owner: Us\n', ''], 'owner'],
  [
    'an unknown key',
    ['owner: Us', 'owner: Us\nowners: Them'],
    'shop.yaml:6:1: owners: expected no such key, actual `owners`',
  ],
  [
    'an unknown action',
    ['action: stop', 'action: pause'],
    'shop.yaml:18:34: scenarios.loss.steps.0.action: expected a known action (stop, restore), actual `pause`',
  ],
  ['an unknown system', ['system: shop', 'system: bank'], 'expected a known system (shop), actual `bank`'],
  [
    'an unknown service',
    ['service: database', 'service: data'],
    'expected a known service of the runbook (database, system), actual `data`',
  ],
  ['a step with neither action nor manual', [', action: stop', ''], 'expected exactly one of `action` and `manual`'],
  [
    'a step with both',
    ['manual: people', 'action: stop, manual: people'],
    'expected exactly one of `action` and `manual`',
  ],
  [
    'a step after one that comes later',
    ['action: stop,', 'action: stop, after: [call],'],
    'scenarios.loss.steps.0.after.0: expected a known step written before it (), actual `call`',
  ],
  [
    'a step that restores an unknown service',
    ['action: stop,', 'action: stop, restores: mail,'],
    'expected a known service of the runbook (database), actual `mail`',
  ],
  [
    'a repair that does not fit the store',
    ['cadence:', 'reconciliation: { search: { repair: quarantine } }\ncadence:'],
    'reconciliation.search.repair',
  ],
  ['a step named twice', ['id: call', 'id: stop'], 'expected each id once, actual `stop` again'],
  ['a probe named twice', ['name: closed', 'name: ready'], 'expected each name once, actual `ready` again'],
  [
    'an unknown detecting probe',
    ['detectBy: ready', 'detectBy: alive'],
    'expected a known probe of the runbook (ready, closed), actual `alive`',
  ],
  [
    'an unknown rule',
    ["left: 'null'", 'left: drop'],
    'expected keep, null, { replace: template } or { redact: text | json | array }, actual `"drop"`',
  ],
  ['a table without schema', ['public.people', 'people'], 'expected schema.table'],
  ['a table without rules', ['{ clear: true }', '{}'], 'expected exactly one of `clear: true` and `columns`'],
  ['a status that is none', ['status: 200', 'status: 20'], 'smoke.probes.0.expect.status'],
  ['a key given twice', ['owner: Us', 'owner: Us\nowner: Them'], 'shop.yaml:6:1: Map keys must be unique'],
  ['broken YAML', ['[errors]', '[errors'], 'shop.yaml:'],
])('%s is reported with its place', ([, change, expected]) => {
  const lines = mistakes(change);
  expect(lines.join('\n')).toContain(expected);
  for (const line of lines) expect(line).toMatch(/^shop\.yaml:\d+:\d+: /);
});

test('all mistakes are reported at once, in the order of the file', () => {
  const lines = mistakes(
    ['rto: 4h', 'rto: soon'],
    ['requests: 3', 'requests: many'],
    ['frequency: quarterly', 'frequency: never'],
  );
  expect(lines.map((line) => line.split(':')[1])).toEqual(['8', '22', '32']);
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
      'availability.probes.ready: expected a known service of the runbook (database), actual `data`',
    ),
  ]);
});
