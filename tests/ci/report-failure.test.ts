import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from '../../programs/execa.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { projectFolder } from '../../harness/project.ts';

const script = join(projectFolder, '.github', 'scripts', 'report-failure');
let folder: string;

/** A `gh` that writes down what it is asked, and the body that it is given; `OPEN` is the number of the open issue. */
const gh = `#!/usr/bin/env bash
echo "$*" >>"$CALLS"
case "$1 $2" in
  'issue list') echo "$OPEN" ;;
  'issue comment' | 'issue create') cat "\${!#}" >"$BODY" ;;
esac
`;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firedrill-issue-'));
  await writeFile(join(folder, 'gh'), gh);
  await chmod(join(folder, 'gh'), 0o755);
});
afterEach(() => rm(folder, { recursive: true }));

async function report(summary: string | undefined, open = ''): Promise<{ calls: string[]; body: string }> {
  const file = join(folder, 'summary.md');
  if (summary !== undefined) await writeFile(file, summary);
  const [calls, body] = [join(folder, 'calls'), join(folder, 'body')];
  await execa(script, [file], {
    env: {
      PATH: `${folder}:${process.env['PATH']}`,
      CALLS: calls,
      BODY: body,
      OPEN: open,
      GH_REPO: 'we/it',
      RUN_URL: 'https://git.example/runs/7',
    },
  });
  const lines = (await readFile(calls, 'utf8')).trimEnd().split('\n');
  return { calls: lines, body: await readFile(body, 'utf8') };
}

test('the first red night opens an issue with the summary and the page of the job', async () => {
  const { calls, body } = await report('# Nightly drill: FAIL\n');
  expect(calls.map((call) => call.split(' ').slice(0, 2).join(' '))).toEqual([
    'label create',
    'issue list',
    'issue create',
  ]);
  expect(calls[2]).toContain('--title The nightly drill is red --label nightly-drill');
  expect(body).toBe('# Nightly drill: FAIL\n\nhttps://git.example/runs/7\n');
});

test('the next one adds to it', async () => {
  const { calls } = await report('# Nightly drill: FAIL\n', '42');
  expect(calls.at(-1)).toMatch(/^issue comment 42 /);
  expect(calls.join('\n')).not.toContain('issue create');
});

test('a night that has left no summary says so', async () => {
  expect((await report(undefined)).body).toContain('has left no summary');
  expect((await report('')).body).toContain('has left no summary');
});

test('a long summary is cut at a line, under the limit of an issue', async () => {
  const { body } = await report('| a row of many characters – with more than ASCII |\n'.repeat(2_000));
  expect(Buffer.byteLength(body)).toBeLessThan(65_536);
  expect(body).toContain('… the rest is in the job.');
  expect(body.split('\n').slice(0, 3)).toEqual(
    Array.from({ length: 3 }, () => '| a row of many characters – with more than ASCII |'),
  );
});

test('what cannot be done is an error', async () => {
  await writeFile(join(folder, 'gh'), '#!/usr/bin/env bash\nexit 4\n');
  await expect(report('x')).rejects.toThrow(/exit code 4/);
  await expect(execa(script, [])).rejects.toThrow(/usage: report-failure/);
});
