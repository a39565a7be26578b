import { expect, test } from 'vitest';
import { ownProgramEnvironment, programEnvironment, runEnvironment } from './environment.ts';

const hostile = {
  PGHOST: 'production',
  PGSSLMODE: 'require',
  PGOPTIONS: '-c default_transaction_read_only=on',
  PGSERVICE: 'production',
  PGPASSFILE: '/home/me/.pgpass',
  DATABASE_URL: 'postgres://production',
  AWS_ENDPOINT_URL: 'http://production',
  MINIO_ROOT_USER: 'me',
  MEILI_HOST: 'http://production',
  HTTP_PROXY: 'http://proxy',
  https_proxy: 'http://proxy',
  NODE_USE_ENV_PROXY: '1',
  NODE_OPTIONS: '--require ./mine.cjs',
  NODE_TLS_REJECT_UNAUTHORIZED: '0',
  GIT_DIR: '/home/me/other/.git',
  XZ_OPT: '-9e',
  LC_ALL: 'tr_TR.UTF-8',
  LANG: 'tr_TR.UTF-8',
  LC_MESSAGES: 'tr_TR.UTF-8',
  TZ: 'Asia/Kathmandu',
  UNSET: undefined,
};

test('a program of a run gets nothing of what a person has set for other programs', () => {
  const machine = { PATH: '/bin', HOME: '/home/me', TMPDIR: '/var/tmp' };
  const chosen = { LC_ALL: 'C', TZ: 'UTC' };
  expect(programEnvironment({ ...hostile, ...machine, FIREDRILL_LEDGER: 'x' })).toEqual({ ...machine, ...chosen });
});

test('a process of our own is told beside that where compiled modules are kept, and nothing else', () => {
  const cache = { NODE_COMPILE_CACHE: '/cache', NODE_DISABLE_COMPILE_CACHE: '1' };
  expect(ownProgramEnvironment({ ...hostile, ...cache })).toEqual({ ...cache, LC_ALL: 'C', TZ: 'UTC' });
});

test('the processes that hold a run keep what they read themselves, and nothing else', () => {
  const own = { FIREDRILL_LEDGER: 'x', DOCKER_HOST: 'unix:///x', NO_COLOR: '1', VITEST: 'true' };
  expect(runEnvironment({ ...hostile, ...own })).toEqual({ ...own, LC_ALL: 'C', TZ: 'UTC' });
});
