import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { discoverDrills } from '../harness/discover.ts';
import { projectFolder } from '../harness/project.ts';
import { checkName, turnedRedBy } from './red.ts';

const controls = (await discoverDrills()).flatMap(({ definition }) => definition.controls);

test.for(Object.entries(turnedRedBy))('%s is turned red', async ([check, by]) => {
  if ('control' in by) {
    expect(controls.filter(({ name }) => name === by.control).map(({ expectedCheck }) => expectedCheck)).toContain(
      check,
    );
    return;
  }
  const text = await readFile(join(projectFolder, by.test), 'utf8');
  // A finding of a store is named after it; tests name the part they vary.
  const known = [check, check.split('.').slice(0, 2).join('.')].some((name) => text.includes(name));
  expect(known, `${by.test} names ${check}`).toBe(true);
  expect(text).toMatch(/fail|red|inconclusive/);
});

test('the place that a check was asked at is no part of its name', () => {
  expect(checkName('steady-state.smoke.latency')).toBe('smoke.latency');
  expect(checkName('staging.smoke.auth')).toBe('smoke.auth');
  expect(checkName('integrity.rows')).toBe('integrity.rows');
});
