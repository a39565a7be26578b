import { access, constants, glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { mergeCommand } from '../../bin/commands/merge.ts';
import { nightlyCommand } from '../../bin/commands/nightly.ts';
import { projectFolder } from '../../harness/project.ts';

interface Workflow {
  permissions: unknown;
  jobs: Record<
    string,
    { permissions?: Record<string, string>; 'timeout-minutes'?: number; steps: { run?: string; uses?: string }[] }
  >;
}

const files = (await Array.fromAsync(glob('.github/workflows/*.yml', { cwd: projectFolder }))).toSorted();
const gitLab = 'docs/ci/gitlab-ci.yml';
const textOf = (file: string): Promise<string> => readFile(join(projectFolder, file), 'utf8');

/** Actions that are not pinned by commit, or whose commit does not say which version it is. */
function unpinned(text: string): string[] {
  return [...text.matchAll(/uses:\s*(.*)$/gm)]
    .map(([, used = '']) => used)
    .filter((used) => !/^[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(used));
}

/** Options of our commands that a text gives and that there are not, and commands that it does not know. */
function unknownOptions(text: string): string[] {
  const joined = text.replaceAll(/\\\n\s*/g, '');
  return [...joined.matchAll(/npx firedrill (\S+)(.*)$/gm)].flatMap(([, name, rest = '']) => {
    const command = [nightlyCommand, mergeCommand].find((one) => one.name() === name);
    if (!command) return [`firedrill ${name}`];
    const known = command.options.map(({ long }) => long);
    return [...rest.matchAll(/--[a-z-]+/g)].map(([option]) => option).filter((option) => !known.includes(option));
  });
}

test('there are workflows to look at', () => expect(files).toContain('.github/workflows/nightly-drill.yml'));

describe.each([...files])('%s', (file) => {
  test('actionlint finds nothing', async ({ skip }) => {
    const actionlint = process.env['FIREDRILL_ACTIONLINT'] ?? 'actionlint';
    const found = await execa(actionlint, ['-version'], { reject: false });
    if (found.failed) skip('actionlint is not installed: go install github.com/rhysd/actionlint/cmd/actionlint@latest');
    const { all, exitCode } = await execa(actionlint, ['-no-color', file], {
      cwd: projectFolder,
      all: true,
      reject: false,
    });
    expect(exitCode, all).toBe(0);
  });

  test('every action is pinned by commit', async () => expect(unpinned(await textOf(file))).toEqual([]));

  test('nothing is permitted but what a job says, and one job alone may write', async () => {
    const { permissions, jobs } = parse(await textOf(file)) as Workflow;
    expect(permissions).toEqual({});
    const writing = Object.entries(jobs).filter(([, job]) =>
      Object.values(job.permissions ?? { none: 'write' }).includes('write'),
    );
    expect(writing.map(([name]) => name)).toEqual(['issue']);
    const runs = writing.flatMap(([, { steps }]) => steps.map(({ run = '' }) => run));
    expect(runs.filter((run) => /\bnpm|\bnpx/.test(run))).toEqual([]);
  });

  test('no job runs for ever', async () => {
    const { jobs } = parse(await textOf(file)) as Workflow;
    for (const job of Object.values(jobs)) expect(job['timeout-minutes']).toBeLessThanOrEqual(90);
  });

  test('what comes from outside reaches a script as a variable, never as its text', async () => {
    const { jobs } = parse(await textOf(file)) as Workflow;
    const runs = Object.values(jobs).flatMap(({ steps }) => steps.map(({ run = '' }) => run));
    expect(runs.filter((run) => run.includes('${{'))).toEqual([]);
  });
});

test('the example for GitLab has its stages and jobs', async () => {
  const example = parse(await textOf(gitLab), { merge: true }) as Record<
    string,
    { stage?: string; cache?: unknown }
  > & { stages: string[] };
  const { drill, summary, stages } = example;
  expect(stages).toContain(drill?.stage);
  expect(stages).toContain(summary?.stage);
  expect(drill?.cache).toMatchObject({ paths: ['records/'], policy: 'pull' });
});

describe.each([...files, gitLab])('%s calls what there is', (file) => {
  test('options of the commands', async () => expect(unknownOptions(await textOf(file))).toEqual([]));

  test('scripts', async () => {
    const scripts = [...(await textOf(file)).matchAll(/(?:node |run: |- )((?:\.github\/)?scripts\/\S+)/g)].map(
      ([, script = '']) => script,
    );
    expect(scripts.length).toBeGreaterThan(0);
    for (const script of scripts) {
      const mode = script.endsWith('.ts') ? constants.R_OK : constants.X_OK;
      await access(join(projectFolder, script), mode);
    }
  });
});

describe('the rules themselves turn red', () => {
  test.for(['actions/checkout@v7', 'actions/checkout@main # v7.0.1', `actions/checkout@${'a'.repeat(40)}`])(
    '%s',
    (used) => {
      expect(unpinned(`      - uses: ${used}\n`)).toHaveLength(1);
    },
  );
  test('an option that there is not', () => {
    expect(unknownOptions('run: npx firedrill nightly --shard 1/3 \\\n  --shards 2')).toEqual(['--shards']);
    expect(unknownOptions('run: npx firedrill yearly')).toEqual(['firedrill yearly']);
  });
});
