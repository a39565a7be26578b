import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { execa } from '../../programs/execa.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { projectFolder } from '../../harness/project.ts';

const scriptsFolder = join(projectFolder, '.github', 'scripts');
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firedrill-publish-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('job-summary', () => {
  async function shown(text: string | undefined): Promise<string> {
    const [file, summary] = [join(folder, 'report.md'), join(folder, 'summary.md')];
    if (text !== undefined) await writeFile(file, text);
    await execa(join(scriptsFolder, 'job-summary'), [file], { env: { GITHUB_STEP_SUMMARY: summary } });
    return await readFile(summary, 'utf8');
  }

  test('shows the file as it is', async () => {
    expect(await shown('# Quarter\n\n✔ PASS\n')).toBe('# Quarter\n\n✔ PASS\n');
  });

  test('cuts what is too long at a line', async () => {
    const line = '| a row of many characters – with more than ASCII |\n';
    const text = await shown(line.repeat(30_000));
    expect(Buffer.byteLength(text)).toBeLessThan(1_048_576);
    expect(text.endsWith(`${line}\n… the rest is in the artefacts of the job.\n`)).toBe(true);
  });

  test('says that there is none', async () => expect(await shown(undefined)).toContain('did not get as far'));
});

describe('publish-report', () => {
  /** A `gh` that writes down what it is asked and the notes that it is given; `RELEASES` are the tags that there are. */
  const gh = `#!/usr/bin/env bash
echo "$*" >>"$CALLS"
if [ "$1 $2" = 'release view' ]; then grep -qx "$3" <<<"$RELEASES"; exit; fi
while [ $# -gt 0 ]; do if [ "$1" = --notes-file ]; then cat "$2" >"$NOTES"; fi; shift; done
`;
  const report = { name: '2026-Q3', verdict: 'inconclusive', headline: 'One drill was never run.' };

  async function publish(members: object, releases = ''): Promise<{ create: string; notes: string }> {
    const [quarter, ledger] = [join(folder, 'quarter'), join(folder, 'ledger')];
    await mkdir(join(ledger, 'keys'), { recursive: true });
    await mkdir(quarter, { recursive: true });
    await writeFile(join(quarter, 'quarterly.json'), JSON.stringify(members));
    await writeFile(join(quarter, 'quarterly.html'), '<p>');
    for (const name of ['ledger.jsonl', 'keys/0123.pem']) await writeFile(join(ledger, name), 'x');
    await writeFile(join(folder, 'gh'), gh);
    await chmod(join(folder, 'gh'), 0o755);
    const [calls, notes] = [join(folder, 'calls'), join(folder, 'notes')];
    await execa(join(scriptsFolder, 'publish-report'), ['quarter', 'ledger'], {
      cwd: folder,
      env: {
        PATH: `${folder}${delimiter}${process.env['PATH']}`,
        CALLS: calls,
        NOTES: notes,
        RELEASES: releases,
        GH_REPO: 'we/it',
        RUN_ID: '77',
      },
    });
    const create = (await readFile(calls, 'utf8')).split('\n').find((call) => call.startsWith('release create')) ?? '';
    return { create, notes: await readFile(notes, 'utf8') };
  }

  test('makes a release with the report, the ledger and its public keys', async () => {
    const { create, notes } = await publish(report);
    expect(create).toMatch(/^release create quarterly-report-2026-Q3 --title .*, 2026-Q3 --notes-file /);
    expect(create).toContain('--latest=false quarter/quarterly.html quarter/quarterly.json ledger/ledger.jsonl');
    expect(create.endsWith(' ledger/keys/0123.pem')).toBe(true);
    expect(notes).toContain('**INCONCLUSIVE.** One drill was never run.');
    expect(notes).toMatch(/^[0-9a-f]{64} {2}quarterly\.html$/m);
  });

  test('never changes one that is there', async () => {
    const { create } = await publish(report, 'quarterly-report-2026-Q3');
    expect(create).toContain('release create quarterly-report-2026-Q3-77 ');
  });

  test('a period that is no quarter has a name that a tag can have', async () => {
    const { create } = await publish({ ...report, name: '2026-01-01 to 2026-02-01' });
    expect(create).toContain('release create quarterly-report-2026-01-01-to-2026-02-01 ');
  });

  test('a report without its members is an error', async () => {
    await expect(publish({ name: '2026-Q3' })).rejects.toThrow(/exit code/);
  });
});
