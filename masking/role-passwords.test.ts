import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { judgeRolePasswords } from '../checks/role-passwords.ts';
import { scramVerifier } from '../fixtures/scram-verifier.ts';
import { compareRolePasswords } from './role-passwords.ts';

const production = [
  { role: 'api', verifier: scramVerifier('of production') },
  { role: 'reader', verifier: null },
];
const md5 = (password: string, role: string) =>
  `md5${createHash('md5')
    .update(password + role)
    .digest('hex')}`;
const judged = (verifier: string | null, secrets: string[] = ['another', 'of production']) =>
  judgeRolePasswords(compareRolePasswords([{ role: 'api', verifier }], production, secrets));

test.for<[string, string | null]>([
  ['the same verifier', production[0]!.verifier],
  ['the same password under another salt', scramVerifier('of production')],
  ['the same password as md5', md5('of production', 'api')],
])('a role of the copy with %s is red, and the verifier is not told', ([, verifier]) => {
  const finding = judged(verifier);
  expect(finding).toMatchObject({ check: 'masking.role-passwords', verdict: 'fail' });
  expect(finding.evidence).toEqual(['api opens the copy with its password of production']);
  expect(JSON.stringify(finding)).not.toContain(verifier);
});

test.for<[string, string | null]>([
  ['no password', null],
  ['a password of its own', scramVerifier('of staging')],
])('a role of the copy with %s is green', ([, verifier]) => {
  expect(judged(verifier).verdict).toBe('pass');
});

test('the same verifier is told without knowing the password', () => {
  expect(judged(production[0]!.verifier, []).verdict).toBe('fail');
});

test('no role at all proves nothing', () => {
  expect(judgeRolePasswords([]).verdict).toBe('inconclusive');
});
