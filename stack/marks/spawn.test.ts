import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../domain/clock.ts';
import { faketimeVariables, requireFaketime } from '../faketime.ts';
import { createRunContext, type RunContext } from '../run-context.ts';
import { endProcess, spawnMarked, type MarkedCommand, type MarkedProcess } from './spawn.ts';

const noLibrary = await requireFaketime('search').then(
  () => '',
  (error: unknown) => ` (skipped: ${String(error).split('\n')[0]})`,
);

let run: RunContext;
beforeEach(async () => {
  run = await createRunContext({ runId: `unit-${randomBytes(4).toString('hex')}`, engine: 'native' });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await run[Symbol.asyncDispose]();
});

const logFile = (): string => join(run.folder, 'output.log');
const start = (options: Partial<MarkedCommand>): Promise<MarkedProcess> =>
  spawnMarked(run, {
    service: 'search',
    what: 'search (test)',
    file: process.execPath,
    args: [],
    cwd: run.folder,
    logFile: logFile(),
    ...options,
  });
const script = (code: string, options: Partial<MarkedCommand> = {}): Promise<MarkedProcess> =>
  start({ args: ['-e', code], ...options });

describe('spawnMarked', () => {
  it('writes both outputs to the log, notes the process, and says how it ended', async () => {
    const child = await script('console.log("out"); console.error("err"); setTimeout(() => process.exit(7), 100)');
    expect(run.processes()).toMatchObject([{ pid: child.pid, what: 'search (test)' }]);
    expect(child.isRunning()).toBe(true);
    expect(await child.exited).toEqual({ code: 7, signal: undefined });
    expect(child.isRunning()).toBe(false);
    expect(child.signal('SIGTERM')).toBe(false);
    expect((await readFile(logFile(), 'utf8')).split('\n').toSorted()).toEqual(['', 'err', 'out']);
  });

  it('has a process of our own keep compiled modules, but not what was installed for this run, nor another program', async () => {
    vi.stubEnv('NODE_COMPILE_CACHE', join(run.folder, 'compiled'));
    const cacheOf = async (options: Partial<MarkedCommand>): Promise<string> => {
      const log = join(run.folder, `${run.nextNumber()}.log`);
      const child = await start({ ...options, logFile: log });
      await child.exited;
      return (await readFile(log, 'utf8')).trim();
    };
    const installed = join(run.folder, 'installed.cjs');
    await writeFile(installed, 'console.log(process.env.NODE_COMPILE_CACHE)');
    const print = ['-e', 'console.log(process.env.NODE_COMPILE_CACHE)'];
    expect(await cacheOf({ args: print })).toBe(join(run.folder, 'compiled'));
    expect(await cacheOf({ args: [installed] })).toBe('undefined');
    const shell = { file: '/bin/sh', args: ['-c', 'echo "${NODE_COMPILE_CACHE:-undefined}"'] };
    expect(await cacheOf(shell)).toBe('undefined');
  });

  it.skipIf(noLibrary !== '')(`leaves nothing in shared memory of a killed clock${noLibrary}`, async () => {
    const environment = faketimeVariables(await requireFaketime('search'), 3_600_000);
    const child = await script('console.log(new Date().toISOString()); setTimeout(() => {}, 60_000)', { environment });
    const shared = `/dev/shm/faketime_shm_${child.pid}`;
    await expect.poll(() => readFile(logFile(), 'utf8')).toMatch(/T.*Z/);
    expect(Date.parse((await readFile(logFile(), 'utf8')).trim()) - systemClock.now().getTime()).toBeGreaterThan(
      3_500_000,
    );
    await readFile(shared);
    child.signal('SIGKILL');
    await child.exited;
    await expect(readFile(shared)).rejects.toThrow('ENOENT');
  });

  it('passes on nothing that would lead a program to somebody else’s server', async () => {
    vi.stubEnv('PGHOST', 'production.example');
    vi.stubEnv('MINIO_VOLUMES', '/production');
    vi.stubEnv('MEILI_DB_PATH', '/production');
    vi.stubEnv('AWS_PROFILE', 'production');
    const child = await script('console.log(JSON.stringify(process.env))', { environment: { GIVEN: 'yes' } });
    await child.exited;
    const seen = JSON.parse(await readFile(logFile(), 'utf8')) as Record<string, string>;
    expect(JSON.stringify(seen)).not.toContain('production');
    expect(seen).toMatchObject({ GIVEN: 'yes', PATH: process.env['PATH'], FIREDRILL_RUN_ID: run.runId });
    expect(seen['FIREDRILL_RUN_OWNER']).toBe(`${run.owner.pid}:${run.owner.startTime}`);
  });

  it('says clearly that the program is missing, or that it may not be executed', async () => {
    const missing = start({ file: '/nowhere/program' });
    await expect(missing).rejects.toMatchObject({ name: 'DrillError', code: 'service-start' });
    await expect(missing).rejects.toThrow(
      'search (test) could not be run: expected a program that this user may execute, actual there is no such file (/nowhere/program)',
    );
    const plain = join(run.folder, 'plain');
    await writeFile(plain, 'text');
    await expect(start({ file: plain })).rejects.toThrow('actual it may not be executed');
    expect(run.processes()).toEqual([]);
  });

  it.runIf(process.getuid?.() !== 0)('says that it may not become another user (asked when not root)', async () => {
    const child = start({ user: { name: 'root', uid: 0, gid: 0 } });
    await expect(child).rejects.toThrow('this process may not start programs as that user');
  });

  it.runIf(process.getuid?.() === 0)(
    'runs as another user, and names the one that may not run it (as root)',
    async () => {
      const user = { name: 'nobody', uid: 65_534, gid: 65_534 };
      const child = await start({ file: '/bin/sh', args: ['-c', 'id -u; id -G'], user, cwd: '/' });
      await child.exited;
      expect(await readFile(logFile(), 'utf8')).toBe('65534\n65534\n');
      const closed = join(await run.makeFolder('closed'), 'program');
      await writeFile(closed, '#!/bin/sh\n', { mode: 0o755 });
      await expect(start({ file: closed, user })).rejects.toThrow('expected a program that user "nobody" may execute');
    },
  );
});

describe('endProcess', () => {
  it('lets a process end by itself', async () => {
    const child = await script(
      'process.on("SIGTERM", () => process.exit(3)); setInterval(() => {}, 1000); console.log(1)',
    );
    await expect.poll(() => readFile(logFile(), 'utf8')).not.toBe('');
    expect(await endProcess(child, 'SIGTERM', 5_000)).toBe(true);
    expect(await child.exited).toMatchObject({ code: 3 });
  });

  it('ends one that does not listen', async () => {
    const child = await script('process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.log(1)');
    await expect.poll(() => readFile(logFile(), 'utf8')).not.toBe('');
    expect(await endProcess(child, 'SIGTERM', 100)).toBe(false);
    expect(await child.exited).toMatchObject({ signal: 'SIGKILL' });
  });
});
