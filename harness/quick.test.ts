import { expect, test } from 'vitest';
import type { Runbook } from '../domain/runbook.ts';
import { chooseQuickControls, type SinceGreen } from './quick-choice.ts';
import { quickSmoke } from './quick.ts';

const controls = [
  { name: 'row-missing', expectedCheck: 'integrity.rows' },
  { name: 'value-changed', expectedCheck: 'integrity.content' },
  { name: 'index-missing', expectedCheck: 'integrity.indexes' },
  { name: 'slow-endpoint', expectedCheck: 'smoke.latency' },
  { name: 'pattern-left', expectedCheck: 'masking.leaks' },
  { name: 'secret-kept', expectedCheck: 'masking.kept' },
];
const chosen = (since: SinceGreen, seed = 1) => {
  const { controls: played, ...rest } = chooseQuickControls(controls, since, seed);
  return { played: played.map(({ name }) => name), ...rest };
};
const judgesOf = (names: readonly string[]) =>
  controls
    .filter(({ name }) => names.includes(name))
    .map(({ expectedCheck }) => String(expectedCheck.split('.')[0]))
    .toSorted();
const changed = (path: string, text: string) => ({ path, text });

test('where nothing is known one control of each judge is played, in the order of the drill, and the others are named', () => {
  const { played, leftOut, reason } = chosen(undefined);
  expect(judgesOf(played)).toEqual(['integrity', 'masking', 'smoke']);
  expect([...played, ...leftOut].toSorted()).toEqual(controls.map(({ name }) => name).toSorted());
  expect(played).toEqual(controls.map(({ name }) => name).filter((name) => played.includes(name)));
  expect(reason).toContain('no whole green run');
});

test('which of a judge it is follows from the seed', () => {
  const draws = new Set([1, 2, 3, 4, 5, 6, 7, 8].map((seed) => chosen(undefined, seed).played.join()));
  expect(draws.size).toBeGreaterThan(1);
  expect(chosen(undefined, 3)).toEqual(chosen(undefined, 3));
});

test('where nothing has changed one control is played all the same', () => {
  const { played, leftOut, reason } = chosen({ run: 7, changed: [] });
  expect(played).toHaveLength(1);
  expect(leftOut).toHaveLength(controls.length - 1);
  expect(reason).toContain('nothing has changed since run 7');
});

test('of a check whose file has changed every control is played, and of a control its own', () => {
  const check = changed('checks/integrity-tables.ts', "finding('integrity.rows', …); finding('integrity.content', …)");
  expect(chosen({ run: 7, changed: [check] }).played).toEqual(['row-missing', 'value-changed']);
  const control = changed('harness/controls/masked-copy.ts', "name: 'secret-kept', expectedCheck: 'masking.kept'");
  expect(chosen({ run: 7, changed: [check, control] }).played).toEqual(['row-missing', 'value-changed', 'secret-kept']);
});

test.for([
  changed('recovery/row-digest.ts', 'names no check'),
  changed('runbooks/shop/runbook.yaml', "drill: 'row-missing'"),
  changed('fixtures/shop/schema.sql', "'integrity.rows'"),
  changed('drills/db-loss.drill.ts', "databaseDamage('row-missing')"),
  changed('checks/gone.ts', ''),
])('a change that may concern every judge asks for one control of each: $path', (file) => {
  const { played, reason } = chosen({ run: 7, changed: [file] });
  expect(judgesOf(played)).toEqual(['integrity', 'masking', 'smoke']);
  expect(reason).toContain('one of each judge for 1 that names none: 1 file has changed since run 7');
});

test('the smoke is short: every probe, at the same rate, fewer requests', () => {
  const probe = (requests: number) => ({ name: 'ok', requests }) as Runbook['smoke']['probes'][number];
  const smoke = { detectBy: 'ok', probes: [probe(5), probe(1)], sustained: { requests: 200, perSecond: 25 } };
  expect(quickSmoke(smoke)).toEqual({
    detectBy: 'ok',
    probes: [probe(2), probe(1)],
    sustained: { requests: 13, perSecond: 25 },
  });
  expect(quickSmoke({ detectBy: 'ok', probes: [] })).toEqual({ detectBy: 'ok', probes: [] });
});
