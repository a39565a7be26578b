import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runbookFile } from '../../harness/drill-runbook.ts';
import { checkPatterns } from '../../domain/catalogue.ts';
import { faultKinds } from '../../harness/faults.ts';
import { projectFolder } from '../../harness/project.ts';
import { firedrill } from '../firedrill.ts';

const drill = 'db-loss';

/** A temporary folder of these commands alone, so that no other run on the machine counts: a usage error adds nothing. */
let temporary = '';
beforeAll(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'firedrill-usage-test-'));
});
afterAll(() => rm(temporary, { recursive: true, force: true }));

/** Names of the run folders that there are now. */
async function runFolders(): Promise<string[]> {
  return (await readdir(temporary)).filter((name) => name.startsWith('firedrill-'));
}

describe('wrong usage: one clear message, exit code 3, nothing started', () => {
  test.for<[string, string[], RegExp]>([
    [
      'an unknown drill',
      ['run', 'no-such-drill'],
      /there is no such drill: expected .*db-loss.*, actual `no-such-drill`/,
    ],
    ['an unknown engine', ['run', drill, '--engine', 'cloud'], /--engine.*containers, native/],
    [
      'an unknown sabotage',
      ['run', drill, '--sabotage', 'nothing'],
      /no such sabotage: expected .*row-missing.*`nothing`/,
    ],
    [
      'an unknown way to recover',
      ['run', 'search-loss', '--from', 'memory'],
      /no such way: expected dump, snapshot, reindex, actual `memory`/,
    ],
    [
      'a way for a drill that knows one',
      ['run', drill, '--from', 'dump'],
      /knows one way to recover: expected no --from/,
    ],
    [
      'an unknown fault',
      ['run', 'search-corruption', '--fault', 'fire'],
      /no such fault: expected search-garbage, search-garbage-at-rest, actual `fire`/,
    ],
    [
      'a fault for a drill that knows one',
      ['run', drill, '--fault', 'destroy-database'],
      /knows one fault: expected no --fault/,
    ],
    ['rows that are no number', ['run', drill, '--rows', 'many'], /--rows.*whole number/],
    ['too few rows', ['run', drill, '--rows', '3', '--engine', 'native'], /--rows/],
    ['an unknown option', ['run', drill, '--fast'], /unknown option '--fast'/],
    ['an unknown command', ['drill'], /unknown command 'drill'/],
    ['no drill', ['run'], /missing required argument 'drill'/],
    ['a report of nothing', ['report', 'no-such-folder'], /no-such-folder/],
    ['a runbook that is not there', ['lint', 'no-such-file.yaml'], /cannot be read.*no-such-file\.yaml/],
  ])('%s', async ([, args, message]) => {
    const result = await firedrill(args, { TMPDIR: temporary });
    expect(result.all).toMatch(message);
    expect(result.all).not.toMatch(/^\s+at /m);
    expect(result.exitCode).toBe(3);
    expect(await runFolders()).toEqual([]);
  });

  test('neither Postgres nor a container engine: what to install', async () => {
    const environment = { FIREDRILL_POSTGRES_BIN: '/no/such/folder', DOCKER_HOST: 'tcp://127.0.0.1:1' };
    const result = await firedrill(['run', drill], environment);
    expect(result.exitCode).toBe(3);
    expect(result.all).toMatch(/install/i);
  });

  test('a runbook with mistakes: each with its line, all at once', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'firedrill-lint-'));
    try {
      const file = join(folder, 'broken.yaml');
      const source = await readFile(runbookFile('artfromromania'), 'utf8');
      await writeFile(file, source.replace('rto: 4h', 'rto: soon').replace('action: verify-restore', 'action: look'));
      const result = await firedrill(['lint', file]);
      expect(result.exitCode).toBe(3);
      expect(result.all).toMatch(/broken\.yaml has 2 mistakes/);
      expect(result.all).toMatch(/broken\.yaml:\d+:\d+: objective\.rto: expected a duration/);
      expect(result.all).toMatch(/broken\.yaml:\d+:\d+: .*expected a known action .*actual `look`/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('what can be asked', () => {
  test('list --json', async () => {
    const { stdout, exitCode } = await firedrill(['list', '--json']);
    expect(exitCode).toBe(0);
    const drills = JSON.parse(stdout) as {
      name: string;
      faults?: object[];
      sabotages: { name: string; expectedCheck: string }[];
    }[];
    const loss = drills.find(({ name }) => name === 'db-loss');
    expect(loss?.sabotages).toContainEqual({ name: 'row-missing', expectedCheck: 'integrity.rows' });
    expect(loss).not.toHaveProperty('faults');
    expect(drills.find(({ name }) => name === 'search-corruption')?.faults).toMatchObject([
      { name: 'search-garbage' },
      { name: 'search-garbage-at-rest' },
    ]);
  });

  test('list --checks, and as JSON', async () => {
    const text = await firedrill(['list', '--checks']);
    expect(text.stdout).toMatch(/^integrity\.rows {2}.*\n {2}turned red by --sabotage row-missing$/m);
    const checks = JSON.parse((await firedrill(['list', '--checks', '--json'])).stdout) as { name: string }[];
    expect(checks.map(({ name }) => name)).toEqual(checkPatterns);
  });

  test('list --faults, and as JSON', async () => {
    const text = await firedrill(['list', '--faults']);
    expect(text.exitCode).toBe(0);
    expect(text.stdout).toMatch(
      /^hang-service {2}The service takes connections .*\n {2}strikes postgres, objects, search, api$/m,
    );
    expect(text.stdout).not.toContain('--sabotage');
    const { stdout, exitCode } = await firedrill(['list', '--faults', '--json']);
    expect(exitCode).toBe(0);
    const faults = JSON.parse(stdout) as { name: string; title: string; strikes: string[] }[];
    expect(faults.map(({ name }) => name)).toEqual(faultKinds.map(({ name }) => name));
    expect(faults).toContainEqual({
      name: 'destroy-database',
      title: 'The database server is killed and its data deleted',
      strikes: ['postgres'],
      throughProxy: false,
    });
  });

  test('lint says ok of every runbook and drill of the project', async () => {
    const result = await firedrill(['lint']);
    expect(result.all).toMatch(/artfromromania\/runbook\.yaml: ok/);
    expect(result.all).toMatch(/db-loss\.drill\.ts: ok/);
    expect(result.exitCode).toBe(0);
  });

  test('doctor says what was found', async () => {
    const { stdout } = await firedrill(['doctor', '--json']);
    expect(JSON.parse(stdout)).toBeTypeOf('object');
  });

  test('--help has examples and the exit codes', async () => {
    const { stdout, exitCode } = await firedrill(['--help']);
    expect(stdout).toContain('firedrill run db-loss');
    expect(stdout).toContain('Exit codes');
    expect(exitCode).toBe(0);
  });

  test('--version', async () => {
    const { stdout, exitCode } = await firedrill(['--version']);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+$/);
    expect(exitCode).toBe(0);
  });

  test('completion knows drills, and the sabotages and ways of the drill that was typed', async () => {
    const script = await firedrill(['complete', 'bash']);
    expect(script.stdout).toContain('firedrill complete --');
    expect((await firedrill(['complete', '--', 'run', ''])).stdout).toMatch(/^db-loss\t/m);
    const sabotages = await firedrill(['complete', '--', 'run', 'search-loss', '--sabotage', '']);
    expect(sabotages.stdout).toMatch(/^dump-truncated\t/m);
    expect(sabotages.stdout).not.toMatch(/^row-missing\t/m);
  });
});

test('every npm script and every subcommand that the README names exists', async () => {
  const readme = await readFile(join(projectFolder, 'README.md'), 'utf8');
  const { scripts } = JSON.parse(await readFile(join(projectFolder, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const named = [...readme.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name);
  expect(named.length).toBeGreaterThan(3);
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
  const { stdout } = await firedrill(['--help']);
  const subcommands = [...readme.matchAll(/npx firedrill (\w+)/g)].map(([, name = '']) => name);
  expect(subcommands.length).toBeGreaterThan(3);
  expect(subcommands.filter((name) => !stdout.includes(`  ${name} `))).toEqual([]);
});
