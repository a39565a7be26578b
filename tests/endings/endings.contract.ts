import { readdir, readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { execa } from '../../programs/execa.ts';
import pLimit from 'p-limit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EndingName } from '../../domain/ending.ts';
import { findMarkedProcesses } from '../../stack/marks/marked-processes.ts';
import { recordIn } from '../firedrill.ts';
import { decoy, environmentOf } from './decoys.ts';
import { heldTitles, heldVariable } from './held-steps.ts';
import { exitCodeOf, playEnding, statesOf, type Ended, type Moment } from './play.ts';
import { copyOfProject, holdSteps, holdWorker, type ProjectCopy } from './project-copy.ts';

/** The name in the timeline of a step that begins. */
const begun = (title: string): string => `"kind":"start","message":"${title}"`;

/** Before a run, in it and after it. The last is when reports are rendered, sealed and summed up. */
const moments: readonly Moment[] = [
  { name: 'before the first line' },
  // Its first step holds, or the run may be over before it is told.
  { name: 'right after the first line', held: 'start', after: 'firedrill: db-loss on native' },
  ...heldTitles.map((title) => ({ name: `in ${title}`, held: title, after: begun(title) })),
  { name: 'after the last step', after: '"kind":"ok","message":"clean-up"' },
];

const all: readonly (readonly [EndingName, readonly Moment[]])[] = [
  ['SIGINT', moments],
  ['SIGTERM', moments],
  ['SIGPIPE', moments],
  ['SIGHUP', moments.filter(({ name }) => ['right after the first line', 'in restore'].includes(name))],
];
const cases = all.flatMap(([ending, when]) => when.map((moment) => ({ ending, moment, name: moment.name })));

describe('a command that is ended leaves nothing and says so', { timeout: 300_000 }, () => {
  let copy: ProjectCopy;
  let ends: Promise<Ended>[];

  beforeAll(async () => {
    copy = await copyOfProject();
    await holdSteps(copy);
    // Side by side: most of the time of each is that of programs that start.
    const limit = pLimit(Math.max(2, availableParallelism()));
    ends = cases.map((one) => limit(() => playEnding({ ...one, copy })));
    // Each is looked at in its own test.
    await Promise.allSettled(ends.slice(0, 1));
  }, 60_000);
  afterAll(async () => {
    await Promise.allSettled(ends);
    await copy[Symbol.asyncDispose]();
  });

  test.for(cases.map((one, index) => ({ ...one, index })))('$ending $name', async ({ ending, moment, index }) => {
    const { exitCode, stderr, left, runs, report, timeline, endedWithinMs } = await ends[index]!;
    expect({ exitCode, left }, stderr).toEqual({ exitCode: exitCodeOf(ending), left: [] });
    expect(stderr).not.toMatch(/^\s+at |UnhandledPromise|Worker exited/m);
    expect(endedWithinMs).toBeLessThan(60_000);
    // Nothing was begun, or it was closed.
    expect(['', 'interrupted', 'finished']).toContain(runs.join());
    if (moment.name === 'before the first line' && runs.length === 0) return;
    const isWhole = moment.name === 'after the last step';
    expect(runs).toEqual([isWhole ? expect.stringMatching(/^(interrupted|finished)$/) : 'interrupted']);
    expect(stderr).toMatch(/^firedrill: .*ending in order/m);
    expect(stderr).toMatch(/^firedrill: ended by .*: nothing is left of the run, report in /m);
    expect(report).toMatch(isWhole ? /./ : /interrupted/i);
    if (moment.name.startsWith('in ')) expect(timeline).toMatch(/interrupted by /);
  });

  test('SIGTERM to `all` alone ends the drill that runs, and no further one begins', async () => {
    await Promise.allSettled(ends);
    const ledger = join(copy.out, 'all-ledger');
    const args = ['all', '--engine', 'native', '--rows', '100', '--out', join(copy.out, 'all'), '--ledger', ledger];
    const { running, screen } = await heldInRestore(copy, args);
    if (running.pid !== undefined) process.kill(running.pid, 'SIGTERM');
    const { exitCode } = await running;
    expect(exitCode, screen.join('')).toBe(143);
    expect(screen.join('')).toMatch(/nothing is left of the run[\s\S]*not begun: interrupted/);
    expect(await statesOf(ledger)).toEqual(['interrupted']);
    expect((await readdir(copy.temporary)).filter((name) => name.startsWith('firedrill-'))).toEqual([]);
  });

  test('a drill whose process is killed is cleared away and closed by the command', async () => {
    await Promise.allSettled(ends);
    const [out, ledger] = [join(copy.out, 'killed'), join(copy.out, 'killed-ledger')];
    const args = ['run', 'db-loss', '--engine', 'native', '--rows', '100', '--out', out, '--ledger', ledger];
    const { running, screen } = await heldInRestore(copy, args);
    process.kill(Number.parseInt(await readFile(join(out, 'worker.pid'), 'utf8'), 10), 'SIGKILL');
    const { exitCode } = await running;
    expect(exitCode, screen.join('')).toBe(2);
    const record = await recordIn(out);
    expect(record).toMatchObject({ state: 'failed', cleanUp: { verdict: 'pass', left: [] } });
    expect(record.errors.at(-1)?.message).toBe('the process of the drill ended before its end');
    expect(await statesOf(ledger)).toEqual(['failed']);
    expect((await readdir(copy.temporary)).filter((name) => name.startsWith('firedrill-'))).toEqual([]);
  });
});

/** The test runner starts the process that runs the drill; nothing of ours is in it yet. */
describe('the process of a drill that ends as it starts', { timeout: 120_000 }, () => {
  let copy: ProjectCopy;
  beforeAll(async () => {
    copy = await copyOfProject();
  });
  afterAll(() => copy[Symbol.asyncDispose]());

  /** Runs a drill whose process does this before anything else. */
  const startedWith = async (name: string, script: string) => {
    const [out, ledger] = [join(copy.out, name), join(copy.out, `${name}-ledger`)];
    await holdWorker(copy, script);
    const file = join(copy.project, 'bin', 'firedrill.ts');
    const args = ['run', 'db-loss', '--engine', 'native', '--rows', '100', '--out', out, '--ledger', ledger];
    const env = copy.environment;
    // A group of its own, as of a job in a terminal.
    const { exitCode, stderr } = await execa(process.execPath, [file, ...args], { env, reject: false, detached: true });
    const left = (await readdir(copy.temporary)).filter((entry) => entry.startsWith('firedrill-'));
    const report = await readFile(join(out, 'report.md'), 'utf8').catch(() => '');
    return { exitCode, stderr, left, runs: await statesOf(ledger), report };
  };

  test('with the whole job, by a terminal that is closed: the run is closed as interrupted', async () => {
    const ended = await startedWith('hung-up', `process.kill(0, 'SIGHUP')`);
    expect(ended, ended.stderr).toMatchObject({ exitCode: 129, left: [], runs: ['interrupted'] });
    expect(ended.stderr).toMatch(/^firedrill: ended by SIGHUP: nothing is left of the run, report in /m);
    expect(ended.stderr).not.toMatch(/^\s+at |UnhandledPromise|Worker exited|vitest-pool/m);
    expect(ended.report).toMatch(/interrupted/i);
  });

  test('alone, killed: the command says so, and the run is closed as failed', async () => {
    const ended = await startedWith('killed-at-start', `process.kill(process.pid, 'SIGKILL')`);
    expect(ended, ended.stderr).toMatchObject({ exitCode: 1, left: [], runs: ['failed'] });
    expect(ended.stderr).toMatch(/^firedrill: Worker exited unexpectedly with signal SIGKILL/m);
    expect(ended.stderr).toMatch(/^firedrill: the run left no record/m);
    expect(ended.stderr).not.toMatch(/^\s+at /m);
  });
});

/** With real servers, in folders with odd names; Ctrl-C in the seed is in tests/cli/run.contract.ts. */
describe('a real drill that is ended leaves nothing', { timeout: 300_000 }, () => {
  let copy: ProjectCopy;
  beforeAll(async () => {
    copy = await copyOfProject();
  });
  afterAll(() => copy[Symbol.asyncDispose]());

  const interrupted = (ended: Ended, exitCode: number): void => {
    expect({ exitCode: ended.exitCode, left: ended.left, runs: ended.runs }, ended.stderr).toEqual({
      exitCode,
      left: [],
      runs: ['interrupted'],
    });
    expect(ended.report).toMatch(/interrupted/i);
  };

  test('a reader that goes away in the middle of the restore', async () => {
    const moment = { name: 'real restore', after: begun('Step 3: Restore Database') };
    interrupted(await playEnding({ copy, ending: 'SIGPIPE', moment }), 141);
  });

  test('start, seed, backup and restore obey nothing of a person’s settings, and a signal then', async () => {
    await using elsewhere = await decoy();
    const environment = {
      ...environmentOf(elsewhere),
      // The stand-ins are found by their place in the project.
      FIREDRILL_OBJECTS: 'stand-in',
      FIREDRILL_SEARCH: 'stand-in',
    };
    const moment = { name: 'real verify', after: '"kind":"ok","message":"Step 4: Verify Restore"' };
    const ended = await playEnding({ copy, ending: 'SIGTERM', moment, environment });
    interrupted(ended, 143);
    const before = ended.timeline.split('interrupted by')[0]!;
    expect(before).toContain('"kind":"ok","message":"Step 3: Restore Database"');
    expect(before).toContain('built-in stand-in for MinIO');
    expect(before).not.toContain('"kind":"fail"');
    expect(elsewhere.connections()).toBe(0);
  });

  test('a benchmark that is ended leaves no server and no folder', async () => {
    const file = join(copy.project, 'bench', 'run.ts');
    const running = execa(
      process.execPath,
      [file, '--customers', '500', '--runs', '1', '--out', join(copy.out, 'bench')],
      {
        env: copy.environment,
        reject: false,
        all: true,
      },
    );
    const screen: string[] = [];
    running.all.on('data', (chunk: Buffer) => screen.push(chunk.toString('utf8')));
    await expect.poll(() => screen.join(''), { timeout: 120_000 }).toContain('seeding');
    const begun = await readdir(copy.temporary);
    const runIds = begun.flatMap((name) => /^firedrill-(bench-[0-9a-f]{8})$/.exec(name)?.[1] ?? []);
    expect(runIds).toHaveLength(1);
    if (running.pid !== undefined) process.kill(running.pid, 'SIGTERM');
    const { exitCode } = await running;
    expect(exitCode, screen.join('')).toBe(143);
    expect((await readdir(copy.temporary)).filter((name) => begun.includes(name))).toEqual([]);
    expect(findMarkedProcesses().filter(({ runId }) => runIds.includes(runId))).toEqual([]);
  });
});

/** The command in the copy, once its drill holds in the restore, and what it has printed so far. */
async function heldInRestore(copy: ProjectCopy, args: readonly string[]) {
  const running = execa(process.execPath, [join(copy.project, 'bin', 'firedrill.ts'), ...args], {
    env: { ...copy.environment, [heldVariable]: 'restore' },
    reject: false,
    all: true,
  });
  const screen: string[] = [];
  running.all.on('data', (chunk: Buffer) => screen.push(chunk.toString('utf8')));
  await expect.poll(() => screen.join(''), { timeout: 120_000 }).toContain('restore holds');
  return { running, screen };
}
