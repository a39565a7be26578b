import { expect, test } from 'vitest';
import { judgeInstallation, type InstallationObservation } from './installation.ts';

const good = { files: 7, differences: [], entries: ['/new/api.ts'], elsewhere: [] };

test('it passes when every file is as in the source and every process runs from there', () => {
  expect(judgeInstallation(good).verdict).toBe('pass');
});

test.for<[string, Partial<InstallationObservation>]>([
  ['a file that is different', { differences: ['changed: api.ts'] }],
  ['a process from elsewhere', { elsewhere: ['/old/api.ts'] }],
])('application.source is red at %s, and names it', ([, change]) => {
  const { verdict, evidence } = judgeInstallation({ ...good, ...change });
  expect(verdict).toBe('fail');
  expect(evidence?.[0]).toMatch(/api\.ts/);
});

test.for([{ files: 0 }, { entries: [] }])('%o proves nothing', (change) => {
  expect(judgeInstallation({ ...good, ...change }).verdict).toBe('inconclusive');
});
