import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { messageOf } from '../domain/drill-error.ts';
import { runbookFile } from '../harness/drill-runbook.ts';
import { vocabulary } from '../harness/vocabulary.ts';
import { parseRunbook } from './load.ts';

const source = await readFile(runbookFile('firm-template'), 'utf8');
const written = /^cadence:\n(?: .*\n)+/m;

/** The runbook with another cadence. */
function withCadence(cadence: string): string {
  expect(source).toMatch(written);
  return source.replace(written, `cadence: ${cadence}\n`);
}

function mistakesOf(cadence: string): string {
  try {
    parseRunbook(withCadence(cadence), 'x.yaml', vocabulary);
  } catch (error) {
    return messageOf(error);
  }
  return 'no mistake';
}

test('exercises are read as they are written; a cadence without any has none', () => {
  const exercises = '[{ kind: scenarios, frequency: monthly }, { kind: after-change }]';
  const parsed = parseRunbook(withCadence(`{ frequency: quarterly, exercises: ${exercises} }`), 'x.yaml', vocabulary);
  expect(parsed.cadence).toEqual({
    frequency: 'quarterly',
    exercises: [{ kind: 'scenarios', frequency: 'monthly' }, { kind: 'after-change' }],
  });
  const plain = parseRunbook(withCadence('{ frequency: quarterly }'), 'x.yaml', vocabulary);
  expect(plain.cadence).toEqual({ frequency: 'quarterly' });
});

test.for([
  [
    'a scenario that is none',
    '{ kind: scenarios, frequency: monthly, scenarios: [fire] }',
    /x\.yaml:\d+:\d+: cadence\.exercises\.0\.scenarios\.0: expected a known scenario of the runbook \(.*\), actual `fire`/,
  ],
  ['no known kind', '{ kind: fire, frequency: monthly }', /x\.yaml:\d+:\d+: cadence\.exercises\.0\.kind/],
  ['a tabletop without its title', '{ kind: tabletop, frequency: monthly }', /cadence\.exercises\.0\.title/],
  ['a frequency where none belongs', '{ kind: after-change, frequency: monthly }', /expected no such key/],
  ['no frequency', '{ kind: random-scenario }', /cadence\.exercises\.0\.frequency/],
] as const)('%s is reported with its place', ([, exercise, expected]) => {
  expect(mistakesOf(`{ frequency: quarterly, exercises: [${exercise}] }`)).toMatch(expected);
});

test('a list of no exercises is a mistake: nothing would ever be due', () => {
  expect(mistakesOf('{ frequency: quarterly, exercises: [] }')).toMatch(/cadence\.exercises: /);
});
