import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { catalogue, checkPatterns, patternOf, type CheckPattern } from '../domain/catalogue.ts';
import type { CheckEntry } from '../domain/check-entry.ts';
import { drilledControls } from '../evidence/oscal-controls.ts';
import { discoverDrills } from '../harness/discover.ts';
import { projectFolder } from '../harness/project.ts';

const controls = (await discoverDrills()).flatMap(({ definition }) => definition.controls);

/** What is missing for a check to be of any use: whoever adds one to the catalogue has to say all of it. */
async function missing(pattern: string, { title, section, evidences, redBy }: CheckEntry): Promise<string[]> {
  const isSaid = typeof section === 'string' || section.outside !== '';
  const bears = 'none' in evidences ? evidences.none !== '' : evidences.length > 0;
  return [
    ...(title === '' ? ['it has no title'] : []),
    ...(isSaid ? [] : ['it is in no section of the report']),
    ...(bears ? [] : ['it bears on no control, and does not say so']),
    ...(await notRedBy(pattern, redBy)),
  ];
}

async function notRedBy(pattern: string, redBy: CheckEntry['redBy']): Promise<string[]> {
  if ('control' in redBy) {
    const expected = controls.filter(({ name }) => name === redBy.control).map(({ expectedCheck }) => expectedCheck);
    return expected.some((check) => patternOf(check) === pattern) ? [] : [`no control ${redBy.control} expects it red`];
  }
  const text = await readFile(join(projectFolder, redBy.test), 'utf8').catch(() => '');
  // A test varies the part of a pattern.
  const name = pattern.replace(/<.*/, '');
  // Of a list of checks that one file holds, only the last part stands in the test.
  const named = text.includes(name) || text.includes(name.split('.').slice(0, -1).join('.') || name);
  return [
    ...(text.includes(redBy.title) ? [] : [`${redBy.test} has no test “${redBy.title}”`]),
    ...(named && /fail|red|inconclusive/.test(text) ? [] : [`${redBy.test} does not name it`]),
  ];
}

describe('the catalogue of checks', () => {
  test.for(checkPatterns)(
    '%s has a title, a section, its controls, and something that turns it red',
    async (pattern) => {
      expect(await missing(pattern, catalogue[pattern])).toEqual([]);
    },
  );

  test.for<[string, Partial<CheckEntry>, string]>([
    ['in no section', { section: { outside: '' } }, 'it is in no section of the report'],
    ['on no control without saying so', { evidences: [] }, 'it bears on no control, and does not say so'],
    ['turned red by no control', { redBy: { control: 'sun-shines' } }, 'no control sun-shines expects it red'],
    [
      'turned red by a control of another check',
      { redBy: { control: 'slow-endpoint' } },
      'no control slow-endpoint expects it red',
    ],
    [
      'turned red by no test',
      { redBy: { test: 'checks/smoke.test.ts', title: 'is red in the sun' } },
      'checks/smoke.test.ts has no test “is red in the sun”',
    ],
  ])('a check %s is found', async ([, change, problem]) => {
    expect(await missing('integrity.rows', { ...catalogue['integrity.rows'], ...change })).toContain(problem);
  });

  test('every control of a drill expects a check of the catalogue', () => {
    const unknown = controls.flatMap(({ name, expectedCheck, alsoRed = [] }) =>
      [expectedCheck, ...alsoRed].filter((check) => patternOf(check) === undefined).map((check) => `${name}: ${check}`),
    );
    expect(unknown).toEqual([]);
  });
});

describe('controls of NIST follow from it', () => {
  const bearing = (controlId: string, check: string): boolean =>
    drilledControls.some((control) => control.controlId === controlId && control.bearsOn(check));

  test.for<[check: CheckPattern, controlId: string]>([
    ['search-backup.verified', 'cp-9.1'],
    ['search-backup.documents', 'cp-9.1'],
    ['backup.objects', 'cp-9.1'],
    ['objects.content', 'cp-9.2'],
    ['reconciliation.search', 'cp-10.2'],
  ])('%s bears on %s', ([check, controlId]) => expect(bearing(controlId, check)).toBe(true));

  test('each control has checks that bear on it; what bears on none bears on the test of the plan alone', () => {
    for (const { controlId, bearsOn } of drilledControls) {
      expect(
        checkPatterns.filter((pattern) => bearsOn(pattern)),
        controlId,
      ).not.toEqual([]);
    }
    expect(drilledControls.filter(({ bearsOn }) => bearsOn('masking.leaks')).map(({ controlId }) => controlId)).toEqual(
      ['cp-4'],
    );
  });
});
