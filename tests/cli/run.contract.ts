import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findOrphans } from '../../stack/orphans.ts';
import { firedrill, greenEnd, recordIn, redFindings, reportFolder } from '../firedrill.ts';

const small = ['--engine', 'native', '--rows', '300'];

/** Resolves when the timeline of a run holds the text. Its output is left alone: who stops reading it would end the run. */
async function seen(folder: string, text: string): Promise<void> {
  const timeline = async (): Promise<string> => readFile(join(folder, 'timeline.jsonl'), 'utf8').catch(() => '');
  await expect.poll(timeline, { timeout: 240_000, interval: 100 }).toContain(text);
}

/** Two runs side by side, which several tests look at. */
describe('two runs side by side', { timeout: 600_000 }, () => {
  let folders: Awaited<ReturnType<typeof reportFolder>>[];
  let results: Awaited<ReturnType<typeof firedrill>>[];
  const [one, ledger] = [0, 2] as const;
  const run = (folder: number): string[] => {
    const own = folder === one ? ['--ledger', folders[ledger]!.path] : [];
    return ['run', 'db-loss', ...small, '--out', folders[folder]!.path, ...own];
  };

  beforeAll(async () => {
    folders = await Promise.all([reportFolder(), reportFolder(), reportFolder()]);
    results = await Promise.all([0, 1].map((folder) => firedrill(run(folder))));
  }, 600_000);
  afterAll(() => Promise.all(folders.map((folder) => folder[Symbol.asyncDispose]())));

  test('both pass, and nothing of them is left', async () => {
    for (const [folder, result] of results.entries()) {
      const record = await recordIn(folders[folder]!.path);
      expect(redFindings(record), result.all).toEqual([]);
      // Side by side they may be too busy for their latencies.
      expect(result.exitCode, result.all).toBe(greenEnd(record).exitCode);
      expect(record.cleanUp).toEqual({ verdict: 'pass', left: [] });
    }
  });

  test('the reports can be rendered again from drill.json alone, byte by byte', async () => {
    const { path } = folders[1]!;
    const html = join(path, 'report.html');
    const before = await readFile(html, 'utf8');
    const { exitCode } = await firedrill(['report', path]);
    expect(exitCode).toBe(0);
    expect(await readFile(html, 'utf8')).toBe(before);
    const junit = await readFile(join(path, 'junit.xml'), 'utf8');
    expect(junit).toContain('Step 3: Restore Database');
  });

  test('a run is numbered and sealed with all that it left', async () => {
    const [folder, ledgerFolder] = [folders[one]!.path, folders[ledger]!.path];
    expect(results[one]!.all).toContain('ledger   run 1, sealed: npx firedrill verify');
    expect((await recordIn(folder)).sequence).toBe(1);
    const verify = ['verify', folder, '--ledger', ledgerFolder];
    const green = await firedrill(verify);
    expect(green.exitCode, green.all).toBe(0);
    const again = await firedrill(run(one));
    expect(again.exitCode, again.all).toBe(3);
    expect(again.all).toContain('--out is a folder that holds something already');
    const { stdout } = await firedrill(['ledger', 'head', '--json', '--ledger', ledgerFolder]);
    expect(JSON.parse(stdout)).toMatchObject({ runs: 1 });
    expect((await firedrill(verify)).exitCode).toBe(0);
    const junit = join(folder, 'junit.xml');
    await writeFile(junit, (await readFile(junit, 'utf8')).replace('Restore', 'restore'));
    const red = await firedrill(verify);
    expect(red.exitCode).toBe(1);
    expect(red.all).toContain(`wrong        ${junit}: it was changed`);
  });
});

describe('a run that is ended', { timeout: 600_000 }, () => {
  test('Ctrl-C cleans up and leaves a report that says interrupted', async () => {
    await using folder = await reportFolder();
    const run = firedrill(['run', 'db-loss', ...small, '--out', folder.path]);
    await seen(folder.path, 'Seed the system');
    run.kill('SIGINT');
    const result = await run;
    expect(result.exitCode, result.all).toBe(130);
    const record = await recordIn(folder.path);
    expect(record).toMatchObject({
      state: 'interrupted',
      verdict: 'inconclusive',
      cleanUp: { verdict: 'pass', left: [] },
    });
    expect(await readFile(join(folder.path, 'report.md'), 'utf8')).toMatch(/interrupted/i);
  });

  test('a run that is killed leaves a report that says so, and clean removes what it left', async () => {
    await using folder = await reportFolder();
    const run = firedrill(['run', 'db-loss', ...small, '--out', folder.path]);
    await seen(folder.path, 'Back up the database');
    run.kill('SIGKILL');
    await run;
    const record = await recordIn(folder.path);
    expect(record.state).toBe('running');
    // The worker is told by the watchdog of vitest that its parent is gone; then nobody owns the run any more.
    await expect
      .poll(async () => (await findOrphans()).map(({ runId }) => runId), { timeout: 120_000 })
      .toContain(record.runId);
    // Not what tests beside this one leave for a while.
    const none = await firedrill(['clean', 'another-run', '--dry-run']);
    expect(none.all).toContain('nothing is left of');
    const clean = await firedrill(['clean', record.runId]);
    expect(clean.all).toContain(`${record.runId}: removed`);
    expect(clean.all).toContain(`(${record.runId}) had died; it was closed as aborted`);
    expect((await findOrphans()).map(({ runId }) => runId)).not.toContain(record.runId);
  });
});
