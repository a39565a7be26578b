import { afterEach, expect, test, vi } from 'vitest';
import { ledgerFolderOf, ledgerVariable } from './ledger.ts';
import { projectFolder } from './project.ts';

afterEach(() => vi.unstubAllEnvs());

test('the ledger is the one that was asked for, else that of the environment, else that of the project', () => {
  vi.stubEnv(ledgerVariable, undefined);
  expect(ledgerFolderOf({})).toBe(`${projectFolder}.firedrill`);
  vi.stubEnv(ledgerVariable, '/elsewhere');
  expect(ledgerFolderOf({})).toBe('/elsewhere');
  expect(ledgerFolderOf({ ledger: '/asked' })).toBe('/asked');
});
