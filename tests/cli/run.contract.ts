import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findOrphans } from '../../stack/orphans.ts';
import { firedrill, recordIn, reportFolder } from '../firedrill.ts';

const small = ['--engine', 'native', '--rows', '300'];

/** Resolves when the timeline of a run holds the text. Its output is left alone: who stops reading it would end the run. */
async function seen(folder: string, text: string): Promise<void> {
  const timeline = async (): Promise<string> => readFile(join(folder, 'timeline.jsonl'), 'utf8').catch(() => '');
  await expect.poll(timeline, { timeout: 60_000, interval: 100 }).toContain(text);
}

describe('a run and its end', { timeout: 300_000 }, () => {
  test('two runs side by side both pass, and nothing of them is left', async () => {
    await using one = await reportFolder();
    await using other = await reportFolder();
    const results = await Promise.all(
      [one, other].map(({ path }) => firedrill(['run', 'db-loss', ...small, '--out', path])),
    );
    for (const result of results) expect(result.exitCode, result.all).toBe(0);
    for (const { path } of [one, other]) expect((await recordIn(path)).cleanUp).toEqual({ verdict: 'pass', left: [] });
  });

  test('the reports can be rendered again from drill.json alone, byte by byte', async () => {
    await using folder = await reportFolder();
    await firedrill(['run', 'db-loss', ...small, '--out', folder.path]);
    const html = join(folder.path, 'report.html');
    const before = await readFile(html, 'utf8');
    const { exitCode } = await firedrill(['report', folder.path]);
    expect(exitCode).toBe(0);
    expect(await readFile(html, 'utf8')).toBe(before);
    const junit = await readFile(join(folder.path, 'junit.xml'), 'utf8');
    expect(junit).toContain('Step 3: Restore Database');
  });

  test('a run is numbered and sealed with all that it left', async () => {
    await using folder = await reportFolder();
    await using ledger = await reportFolder();
    const result = await firedrill(['run', 'db-loss', ...small, '--out', folder.path, '--ledger', ledger.path]);
    expect(result.all).toContain('ledger   run 1, sealed: npx firedrill verify');
    expect((await recordIn(folder.path)).sequence).toBe(1);
    const verify = ['verify', folder.path, '--ledger', ledger.path];
    const green = await firedrill(verify);
    expect(green.exitCode, green.all).toBe(0);
    const again = await firedrill(['run', 'db-loss', ...small, '--out', folder.path, '--ledger', ledger.path]);
    expect(again.exitCode, again.all).toBe(3);
    expect(again.all).toContain('--out is a folder that holds something already');
    const { stdout } = await firedrill(['ledger', 'head', '--json', '--ledger', ledger.path]);
    expect(JSON.parse(stdout)).toMatchObject({ runs: 1 });
    expect((await firedrill(verify)).exitCode).toBe(0);
    const junit = join(folder.path, 'junit.xml');
    await writeFile(junit, (await readFile(junit, 'utf8')).replace('Restore', 'restore'));
    const red = await firedrill(verify);
    expect(red.exitCode).toBe(1);
    expect(red.all).toContain(`wrong        ${junit}: it was changed`);
  });

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
      .poll(async () => (await findOrphans()).map(({ runId }) => runId), { timeout: 30_000 })
      .toContain(record.runId);
    const clean = await firedrill(['clean']);
    expect(clean.all).toContain(`${record.runId}: removed`);
    expect(clean.all).toContain(`(${record.runId}) had died; it was closed as aborted`);
    expect((await findOrphans()).map(({ runId }) => runId)).not.toContain(record.runId);
  });
});
