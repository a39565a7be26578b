import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runFolderOf } from './marks/run-marks.ts';
import { createRunContext, type RunContext } from './run-context.ts';

const newRunId = (): string => `unit-${randomBytes(4).toString('hex')}`;
const newRun = (): Promise<RunContext> => createRunContext({ runId: newRunId(), engine: 'native' });

describe('a run', () => {
  it('has a folder that names its owner, closed to listing by others, until it is disposed', async () => {
    const runId = newRunId();
    await using run = await createRunContext({ runId, engine: 'native' });
    expect(run.folder).toBe(runFolderOf(runId));
    expect((await stat(run.folder)).mode & 0o066).toBe(0);
    const file = JSON.parse(await readFile(join(run.folder, 'run.json'), 'utf8')) as unknown;
    expect(file).toMatchObject({
      runId,
      engine: 'native',
      owner: { pid: process.pid, startTime: run.owner.startTime },
    });
    await run[Symbol.asyncDispose]();
    await expect(stat(run.folder)).rejects.toThrow('ENOENT');
  });

  it('is refused when its id does not fit a path, or its folder is there already', async () => {
    for (const runId of ['', '../up', 'a b', '-x', 'x'.repeat(49)]) {
      await expect(createRunContext({ runId, engine: 'native' }), runId).rejects.toMatchObject({
        code: 'configuration',
      });
    }
    const runId = newRunId();
    await mkdir(runFolderOf(runId));
    await expect(createRunContext({ runId, engine: 'native' })).rejects.toThrow('actual EEXIST');
    await rm(runFolderOf(runId), { recursive: true });
  });

  it('never hands out a port twice', async () => {
    await using run = await newRun();
    const ports = await Promise.all(Array.from({ length: 50 }, () => run.freePort()));
    expect(new Set(ports).size).toBe(50);
    expect(new Set(run.ports())).toEqual(new Set(ports));
    expect(ports.every((port) => port >= 15_000 && port < 32_768)).toBe(true);
  });

  it('makes folders that only their owner may enter, each with a name of its own', async () => {
    await using run = await newRun();
    const [one, other] = [await run.makeFolder('same'), await run.makeFolder('same')];
    expect(one).not.toBe(other);
    expect((await stat(one)).mode & 0o777).toBe(0o700);
  });

  it('notes a process at once, and no process that has ended', async () => {
    await using run = await newRun();
    run.noteProcess(process.pid, 'this test');
    run.noteProcess(2 ** 30, 'none');
    const lines = (await readFile(join(run.folder, 'processes.jsonl'), 'utf8')).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(run.processes());
    expect(run.processes()).toMatchObject([{ pid: process.pid, what: 'this test' }]);
  });

  it('ends start-ups when it is told to, and when the caller’s signal aborts', async () => {
    const controller = new AbortController();
    await using one = await createRunContext({ runId: newRunId(), engine: 'native', signal: controller.signal });
    await using other = await newRun();
    expect([one.signal.aborted, other.signal.aborted]).toEqual([false, false]);
    controller.abort();
    other.stopStarting();
    expect([one.signal.aborted, other.signal.aborted]).toEqual([true, true]);
  });
});
