import { expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import type { DrillError } from '../domain/drill-error.ts';
import { mistakes, valid, vocabulary } from './load.test-data.ts';
import { parseRunbook } from './load.ts';

test.for<[string, ...[string, string][], string]>([
  [
    'a duration nobody can read',
    ['rto: 4h', 'rto: soon'],
    'shop.yaml:8:14: objective.rto: expected a duration such as `45s`, `30m` or `2h`, actual `"soon"`',
  ],
  [
    'a duration of nothing',
    ['budget: 90s', 'budget: 0s'],
    'shop.yaml:19:48: scenarios.loss.steps.0.budget: expected a duration longer than zero, actual `"0s"`',
  ],
  ['a missing key', ['owner: Us\n', ''], 'shop.yaml:2:1: owner: expected some text, actual nothing'],
  [
    'an unknown key',
    ['owner: Us', 'owner: Us\nowners: Them'],
    'shop.yaml:6:1: owners: expected no such key, actual `owners`',
  ],
  [
    'an unknown action',
    ['action: stop', 'action: pause'],
    'shop.yaml:19:34: scenarios.loss.steps.0.action: expected a known action (stop, restore, fail-over, rebuild), actual `pause`',
  ],
  ['an unknown system', ['system: shop', 'system: bank'], 'expected a known system (shop, kiosk), actual `bank`'],
  [
    'an unknown service',
    ['service: database', 'service: data'],
    'expected a known service of the runbook (database, finder, system), actual `data`',
  ],
  [
    'a store that no service stands for',
    ['store: postgres, ', ''],
    'shop.yaml:9:1: services: expected a service with `store: postgres`, a store of the system shop, actual none',
  ],
  [
    'a store that two services stand for',
    ['store: search', 'store: postgres'],
    'services.finder.store: expected each store once, actual `postgres` again',
  ],
  [
    'a store that the system does not have',
    ['store: search', 'store: objects'],
    'services.finder.store: expected a store of the system shop, actual `objects`, which it does not have',
  ],
  [
    'a store that nobody knows',
    ['store: search', 'store: files'],
    'services.finder.store: expected `"postgres"`, `"objects"` or `"search"`, actual `"files"`',
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
    'scenarios.loss.steps.0.after.0: expected a known step written before it, of which there is none, actual `call`',
  ],
  [
    'a step that restores an unknown service',
    ['action: stop,', 'action: stop, restores: mail,'],
    'expected a known service of the runbook (database, finder), actual `mail`',
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
    'expected keep, { keep: reason }, null, { replace: template } or { redact: text | json | array }, actual `"drop"`',
  ],
  [
    'large objects that are kept without a reason',
    ['public.sessions: { clear: true }', 'public.sessions: { clear: true }\n  largeObjects: keep'],
    'masking.largeObjects: expected drop, { keep: reason } or { replace: text }, actual `"keep"`',
  ],
  [
    'free text that is kept without a reason',
    ['notes: { redact: text }', 'notes: keep'],
    'columns.notes: expected a rule that masks it, or `{ keep: reason }`, since by its name it holds free text, actual `keep`',
  ],
  [
    'a secret that is kept without a reason',
    ['notes: { redact: text }', 'notes: { redact: text }, password_hash: keep'],
    'columns.password_hash: expected a rule that masks it, or `{ keep: reason }`, since by its name it holds a secret',
  ],
  ['a table without schema', ['public.people', 'people'], 'expected schema.table'],
  ['a table without rules', ['{ clear: true }', '{}'], 'expected exactly one of `clear: true` and `columns`'],
  ['a status that is none', ['status: 200', 'status: 20'], 'smoke.probes.0.expect.status'],
  ['a key given twice', ['owner: Us', 'owner: Us\nowner: Them'], 'shop.yaml:6:1: Map keys must be unique'],
  ['broken YAML', ['[errors]', '[errors'], 'shop.yaml:'],
  [
    'a drill that does not exist',
    ['drill: db-loss', 'drill: db-lost'],
    'scenarios.loss.drill: expected a known drill (db-loss, search-loss), actual `db-lost`; did you mean `db-loss`?',
  ],
  [
    'a token that the system never makes',
    ['path: /ready,', 'path: /ready, token: clark,'],
    'smoke.probes.0.token: of the system shop expected a token of it (clerk, manager), actual `clark`; did you mean `clerk`?',
  ],
  [
    'a token of a system that makes none',
    ['system: shop', 'system: kiosk'],
    ['path: /ready,', 'path: /ready, token: clerk,'],
    'smoke.probes.0.token: of the system kiosk expected no token, since it makes none, actual `clerk`',
  ],
  [
    'a template with a column that the table does not have',
    ['test-{id}@', 'test-{di}@'],
    'masking.tables.public.people.columns.email: the template expected a column of public.people, actual `di`',
  ],
  [
    'a template with a column that is itself masked',
    ['test-{id}@', 'test-{notes}@'],
    'the template expected a column that is kept, actual `notes`, which is itself masked',
  ],
  [
    'a place in a contact that nobody filled in',
    ['primary: lead@example.com', "primary: '{devops_lead}'"],
    'contacts.0.primary: expected a text that is filled in, actual `{devops_lead}`',
  ],
  ['a title to be done', ['title: The shop', 'title: TBD'], 'title: expected a text that is filled in, actual `TBD`'],
  [
    'a step for several servers, of a system with one',
    ['system: shop', 'system: kiosk'],
    ['action: stop', 'action: fail-over'],
    'scenarios.loss.steps.0.action: expected a system with several servers behind a load balancer, actual `kiosk`, which has none',
  ],
  [
    'a step that stands on a section that is not there',
    ['action: stop', 'action: fail-over'],
    'scenarios.loss.steps.0.action: `fail-over` expected a section `availability`, actual none',
  ],
  [
    'a reconciliation with a store that the system does not have',
    ['cadence:', 'reconciliation: { objects: { repair: quarantine } }\ncadence:'],
    'reconciliation.objects: expected a system with objects, actual `shop`, which has none',
  ],
  [
    'a section that is missing',
    ['objective: { rto: 4h, rpo: 30m }\n', ''],
    'objective: expected a mapping with `rto` and `rpo`, actual nothing',
  ],
  [
    'a text in place of a list',
    ['symptoms: [errors]', 'symptoms: errors'],
    'scenarios.loss.symptoms: expected a list, each entry some text, actual `"errors"`',
  ],
  ['an empty list', ['symptoms: [errors]', 'symptoms: []'], 'expected at least 1 entry, actual `[]`'],
  [
    'a figure that is too large',
    ['requests: 3', 'requests: 3000'],
    'smoke.requests: expected at most 1000, actual `3000`',
  ],
  [
    'a frequency that is none',
    ['frequency: quarterly', 'frequency: never'],
    'cadence.frequency: expected `"nightly"`, `"weekly"`, `"monthly"`, `"quarterly"` or `"annually"`, actual `"never"`',
  ],
])('%s is reported with its place', ([, ...rest]) => {
  const changes = rest.filter((one) => typeof one !== 'string');
  const expected = rest.find((one) => typeof one === 'string') ?? '';
  const lines = mistakes(...changes);
  expect(lines.join('\n')).toContain(expected);
  for (const line of lines) expect(line).toMatch(/^shop\.yaml:\d+:\d+: /);
});

test('all mistakes are reported at once, in the order of the file', () => {
  const lines = mistakes(
    ['rto: 4h', 'rto: soon'],
    ['requests: 3', 'requests: many'],
    ['frequency: quarterly', 'frequency: never'],
  );
  expect(lines.map((line) => line.split(':')[1])).toEqual(['8', '23', '33']);
});

/** Every place of a document, as a path of keys. */
function places(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, one]) => places(one, [...path, key]))];
}

test('whatever stands at whatever place, a mistake says what was expected there, in words', () => {
  const told = new Set<string>();
  for (const path of places(parseDocument(valid).toJS())) {
    for (const wrong of [undefined, null, 7, true, 'x', '', [], [7], {}, { x: 1 }]) {
      const document = parseDocument(valid);
      if (wrong === undefined) document.deleteIn(path);
      else document.setIn(path, document.createNode(wrong));
      try {
        parseRunbook(document.toString(), 'shop.yaml', vocabulary);
      } catch (error) {
        for (const line of (error as DrillError).facts.hint?.split('\n') ?? []) told.add(line);
      }
    }
  }
  expect(told.size).toBeGreaterThan(200);
  for (const line of told) {
    expect(line).toMatch(/^shop\.yaml:\d+:\d+: .+expected .+, actual (`|nothing|none)/);
    expect(line).not.toMatch(
      /invalid|received|undefined|expected (object|string|array|record|number)\b|what the schema/i,
    );
  }
});
