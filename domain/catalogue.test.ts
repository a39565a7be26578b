import { expect, test } from 'vitest';
import { checkName, entryOf, patternOf, sectionOf, type PlacedCheckName } from './catalogue.ts';
import { finding } from './finding.ts';

const facts = { expected: '1', actual: '0' };

test('the place that a check was asked at is no part of its name', () => {
  expect(checkName('steady-state.smoke.latency')).toBe('smoke.latency');
  expect(checkName('staging.smoke.auth')).toBe('smoke.auth');
  expect(checkName('integrity.rows')).toBe('integrity.rows');
});

test('a name with a part falls under its pattern, and no other name does', () => {
  expect(patternOf('objectives.rto.search')).toBe('objectives.rto.<service>');
  expect(patternOf('objectives.rto')).toBe('objectives.rto');
  expect(patternOf('steady-state.search.content')).toBe('search.content');
  for (const none of ['objectives.rto.', '', 'integrity', 'constructor']) {
    expect(patternOf(none), none).toBeUndefined();
  }
});

test('a finding of a check that is not in the catalogue cannot be made', () => {
  // @ts-expect-error the compiler knows the names, too
  expect(() => finding('integrity.row', false, facts)).toThrow('no check named `integrity.row`');
  const computed = 'integrity.nothing' as PlacedCheckName;
  expect(() => finding(computed, true, facts)).toThrow(TypeError);
  expect(finding('objectives.rto.search', true, facts)).toEqual({
    check: 'objectives.rto.search',
    verdict: 'pass',
    ...facts,
  });
});

test('a check of another version is still shown, in the course of the run', () => {
  expect(entryOf('of.another-version')).toBeUndefined();
  expect(sectionOf('of.another-version')).toBe('course');
  expect(sectionOf('object-lock.kept')).toBeUndefined();
});
