import { readdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { execa } from '../programs/execa.ts';
import { describe, expect, test } from 'vitest';
import { isGone, thisProcess } from './holder.ts';
import { temporaryFolder } from './ledger.test-data.ts';
import { withLock } from './lock.ts';

const nonce = '00000000-0000-4000-8000-000000000000';

async function endedProcess(): Promise<number> {
  const child = execa(process.execPath, ['--eval', '']);
  await child;
  return child.pid ?? 0;
}

test('one at a time, and nothing is left', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'lock');
  let inside = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 8 }, () =>
      withLock(path, async () => {
        inside += 1;
        most = Math.max(most, inside);
        await new Promise((resolve) => setTimeout(resolve, 5));
        inside -= 1;
      }),
    ),
  );
  expect(most).toBe(1);
  expect(await readdir(folder.path)).toEqual([]);
});

test('it is given back when the work fails', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'lock');
  await expect(withLock(path, () => Promise.reject(new Error('x')))).rejects.toThrow('x');
  expect(await withLock(path, async () => 'free')).toBe('free');
});

describe('a lock that somebody holds', () => {
  test('of a dead process is taken over, by one of many', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'lock');
    await writeFile(path, JSON.stringify({ host: hostname(), pid: await endedProcess(), nonce }));
    let inside = 0;
    const work = async (): Promise<boolean> => {
      inside += 1;
      await new Promise((resolve) => setTimeout(resolve, 2));
      inside -= 1;
      return inside === 0;
    };
    const alone = await Promise.all(Array.from({ length: 8 }, () => withLock(path, work)));
    expect(alone).not.toContain(false);
    expect(await readdir(folder.path)).toEqual([]);
  });

  test.for(['', '{', '{"host":"x"}'])(
    'that cannot be read (%j) is taken over: it was left by a crash',
    async (text) => {
      await using folder = await temporaryFolder();
      const path = join(folder.path, 'lock');
      await writeFile(path, text);
      expect(await withLock(path, async () => 'mine')).toBe('mine');
    },
  );

  test.for([
    ['of a living process', { host: hostname(), pid: process.pid }],
    ['of another machine', { host: 'elsewhere', pid: 1 }],
  ] as const)('%s is waited for, then it is told who holds it', async ([, holder]) => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'lock');
    await writeFile(path, JSON.stringify({ ...holder, nonce }));
    await expect(withLock(path, async () => 'mine', { timeoutMs: 50 })).rejects.toThrow(
      `actual process ${holder.pid} on ${holder.host}`,
    );
    expect(await readdir(folder.path)).toEqual(['lock']);
  });
});

test('a process is gone when it ended, or when another has its number', async () => {
  const mine = await thisProcess();
  expect(await isGone(mine)).toBe(false);
  expect(await isGone({ ...mine, pid: await endedProcess() })).toBe(true);
  expect(await isGone({ host: 'elsewhere', pid: await endedProcess() })).toBe(false);
  if (mine.started !== undefined) expect(await isGone({ ...mine, started: '1' })).toBe(true);
});
