import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { looksLikeProse, looksLikeSecret, textsOf } from './sensitive-values.ts';

const payload = Buffer.from('{"sub":"1234567890"}').toString('base64url');

test.for([
  `$2b$12$${'a'.repeat(22)}${'B'.repeat(31)}`,
  '$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub+b4dWRWJTmaaJObG',
  'pbkdf2_sha256$600000$abc$def=',
  'SCRAM-SHA-256$4096:c2FsdA==$stored:server',
  `md5${createHash('md5').update('x').digest('hex')}`,
  `eyJhbGciOiJIUzI1NiJ9.${payload}.sig`,
  '-----BEGIN RSA PRIVATE KEY-----',
  ['sk', 'live', '4eC39HqLyjWDarjtT1zdp7dc'].join('_'),
  `ghp_${'a1B2'.repeat(9)}`,
  `AKIA${'ABCD1234'.repeat(2)}`,
  'postgres://user:word@db.internal/app',
  'in a text: token=x, eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.',
])('%s is a secret', (value) => {
  expect(looksLikeSecret(value)).toBe(true);
});

test('random tokens are secrets, in hex always, in base64 nearly so', () => {
  const tokens = (encoding: 'hex' | 'base64url') =>
    Array.from({ length: 500 }, () => randomBytes(32).toString(encoding)).filter(looksLikeSecret).length;
  expect(tokens('hex')).toBeGreaterThan(498);
  expect(tokens('base64url')).toBeGreaterThan(400);
});

test('UUIDs are none', () => {
  for (let count = 0; count < 500; count++) expect(looksLikeSecret(randomUUID())).toBe(false);
});

test.for([
  'Village in the morning light',
  'spring-landscape-with-a-river-1903',
  'INV-2024-000123',
  '2024-01-01T10:00:00.123456+00:00',
  'https://example.com/path/to/some/where?page=2',
  'images/2024/05/morning-light-large.jpeg',
  'application/vnd.openxmlformats-officedocument',
  'masked masked masked',
  '',
])('%s is neither a secret nor prose', (value) => {
  expect({ secret: looksLikeSecret(value), prose: looksLikeProse(value) }).toEqual({ secret: false, prose: false });
});

test.for([
  'She called twice and was not pleased.',
  'Clientul a sunat de două ori.',
  'wants the blue one before the end of the month at the latest',
])('%s is prose', (value) => {
  expect(looksLikeProse(value)).toBe(true);
});

test('every text inside of a value is looked at', () => {
  expect(textsOf({ a: ['b', 1, { c: 'd' }], e: null })).toEqual(['a', 'b', 'c', 'd', 'e']);
});
