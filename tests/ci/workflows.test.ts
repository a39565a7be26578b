import { access, constants, glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from '../../programs/execa.ts';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadCommands } from '../../bin/commands/index.ts';
import { projectFolder } from '../../harness/project.ts';

interface Workflow {
  permissions: unknown;
  jobs: Record<
    string,
    {
      permissions?: Record<string, string>;
      'timeout-minutes'?: number;
      steps: { name?: string; run?: string; uses?: string; with?: Record<string, unknown> }[];
    }
  >;
}

interface GitLabJob {
  stage?: string;
  cache?: unknown;
  resource_group?: string;
  after_script?: string[];
  artifacts?: { exclude?: string[] };
}

const files = (await Array.fromAsync(glob('.github/workflows/*.yml', { cwd: projectFolder }))).toSorted();
const commands = await loadCommands('help');
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
  const joined = text.replaceAll(/^\s*#.*$/gm, '').replaceAll(/\\\n\s*/g, '');
  return [...joined.matchAll(/npx firedrill (\S+)(.*)$/gm)].flatMap(([, name, rest = '']) => {
    const command = commands.find((one) => one.name() === name);
    if (!command) return [`firedrill ${name}`];
    const known = command.options.map(({ long }) => long);
    return [...rest.matchAll(/--[a-z-]+/g)].map(([option]) => option).filter((option) => !known.includes(option));
  });
}

/** Workflows that write evidence, which the others must leave alone. */
const evidenceWorkflows = ['.github/workflows/nightly-drill.yml', '.github/workflows/quarterly-report.yml'];

/** The jobs that may write something, by workflow; every other job may read at most. */
const mayWrite: Record<string, Record<string, string>> = {
  '.github/workflows/nightly-drill.yml': { issue: 'issues' },
  '.github/workflows/nightly-tests.yml': {},
  '.github/workflows/quarterly-report.yml': { publish: 'contents' },
};

test('every workflow is looked at', () => expect(files).toEqual(Object.keys(mayWrite)));

describe.each([...files])('%s', (file) => {
  test('actionlint finds nothing', async ({ skip }) => {
    const actionlint = process.env['FIREDRILL_ACTIONLINT'] ?? 'actionlint';
    const found = await execa(actionlint, ['-version'], { reject: false });
    if (found.failed)
      skip('actionlint is not installed: go install github.com/rhysd/actionlint/cmd/actionlint@v1.7.12');
    const { all, exitCode } = await execa(actionlint, ['-no-color', file], {
      cwd: projectFolder,
      all: true,
      reject: false,
    });
    expect(exitCode, all).toBe(0);
  });

  test('every action is pinned by commit', async () => expect(unpinned(await textOf(file))).toEqual([]));

  test('nothing is permitted but what a job says, and one job at most may write, one thing', async () => {
    const { permissions, jobs } = parse(await textOf(file)) as Workflow;
    expect(permissions).toEqual({});
    const written = Object.entries(jobs).flatMap(([name, job]) =>
      Object.entries(job.permissions ?? { everything: 'write' })
        .filter(([, access]) => access !== 'read' && access !== 'none')
        .map(([scope]): [string, string] => [name, scope]),
    );
    expect(Object.fromEntries(written)).toEqual(mayWrite[file]);
    expect(written.length).toBeLessThanOrEqual(1);
    const runs = written.flatMap(([name]) => jobs[name]?.steps.map(({ run = '' }) => run) ?? []);
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

test('whoever writes the evidence takes turns, and the key of the ledger is in no cache and no artefact', async () => {
  const texts = await Promise.all(evidenceWorkflows.map(textOf));
  const workflows = texts.map((text) => parse(text) as Workflow & { concurrency: object });
  for (const { concurrency } of workflows) {
    expect(concurrency).toEqual({ group: 'drill-evidence', 'cancel-in-progress': false });
  }
  const [nightly, quarterly] = workflows;
  expect(nightly?.jobs['drill']).toMatchObject({ strategy: { 'max-parallel': 1 } });
  const order = nightly?.jobs['drill']?.steps.map(({ name, uses, run }) => name ?? uses ?? run ?? '') ?? [];
  const at = (begin: string): number => order.findIndex((step) => step.startsWith(begin));
  expect(at('Signing key')).toBeGreaterThan(at('Evidence of earlier nights'));
  expect(at('The key goes no further')).toBeGreaterThan(at('Drills that are due'));
  expect(at('actions/cache/save')).toBeGreaterThan(at('The key goes no further'));
  const upload = quarterly?.jobs['report']?.steps.find(({ uses = '' }) => uses.startsWith('actions/upload-artifact'));
  expect(upload?.with?.['path']).toContain('!evidence/ledger/keys/*.private.pem');
});

test('a workflow that writes no evidence does not touch it', async () => {
  const others = files.filter((file) => !evidenceWorkflows.includes(file));
  expect(others).toHaveLength(files.length - evidenceWorkflows.length);
  for (const file of others) expect(await textOf(file)).not.toMatch(/drill-evidence|FIREDRILL_SIGNING_KEY|firedrill /);
});

test('the example for GitLab has its stages and jobs, and the same turns', async () => {
  const example = parse(await textOf(gitLab), { merge: true }) as Record<string, GitLabJob> & { stages: string[] };
  const { drill, summary, quarter, stages } = example;
  for (const job of [drill, summary, quarter]) expect(stages).toContain(job?.stage);
  expect(drill?.cache).toMatchObject([
    { paths: ['records/'], policy: 'pull' },
    { key: 'drill-evidence', policy: 'pull-push' },
  ]);
  expect(quarter?.cache).toMatchObject({ key: 'drill-evidence', paths: ['evidence/'] });
  expect([drill?.resource_group, quarter?.resource_group]).toEqual(['drill-evidence', 'drill-evidence']);
  expect(drill?.after_script?.join(' ')).toContain('signing-key.ts remove evidence/ledger');
  expect(quarter?.artifacts?.exclude).toEqual(['evidence/ledger/keys/*.private.pem']);
});

describe.each([...files, gitLab])('%s calls what there is', (file) => {
  test('options of the commands', async () => expect(unknownOptions(await textOf(file))).toEqual([]));

  test('scripts', async () => {
    const scripts = [...(await textOf(file)).matchAll(/(?:node |run: |- )((?:\.github\/)?scripts\/\S+)/g)].map(
      ([, script = '']) => script,
    );
    for (const script of scripts) {
      const mode = script.endsWith('.ts') ? constants.R_OK : constants.X_OK;
      await access(join(projectFolder, script), mode);
    }
    const named = [...(await textOf(file)).matchAll(/npm run (?:--silent )?([\w:]+)/g)].map(([, name = '']) => name);
    const known = JSON.parse(await textOf('package.json')) as { scripts: Record<string, string> };
    expect(named.filter((name) => !Object.hasOwn(known.scripts, name))).toEqual([]);
    expect(scripts.length + named.length).toBeGreaterThan(0);
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
