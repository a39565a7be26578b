/** Plays the mutations of tests/mutations/ in a copy of the project: `node tests/mutations/play.ts [--slow] [NAME…]`. */
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from '../../programs/execa.ts';
import { listenForEndings } from '../../bin/ending.ts';
import { systemClock } from '../../domain/clock.ts';
import { removeOnExit } from '../../files/remove-on-exit.ts';
import { copyOfProject, type ProjectCopy } from '../endings/project-copy.ts';
import { mutations } from './list.ts';
import type { Mutation } from './mutation.ts';

/** A mutation that lets a test wait for ever is not caught by an assertion. */
const longestRunMs = 600_000;

/** How vitest begins what `expect` says; of a promise that should have ended the other way it says it as a plain error. */
const assertion = /AssertionError|^Error: promise (?:resolved|rejected) .* instead of (?:resolving|rejecting)/;

interface TestRun {
  /** Failed tests by their titles, with the first line of why. */
  failed: { title: string; isAssertion: boolean; why: string }[];
  /** Why the file itself could not be played. */
  broken?: string;
  passed: number;
}

/** What vitest's JSON reporter writes, as far as it is read here. */
interface Report {
  testResults: {
    name: string;
    status: string;
    message: string;
    assertionResults: { fullName: string; status: string; failureMessages: string[] }[];
  }[];
}

const { values, positionals } = parseArgs({ options: { slow: { type: 'boolean' } }, allowPositionals: true });
const unknown = positionals.filter((wanted) => !mutations.some(({ name }) => name === wanted));
if (unknown.length > 0) {
  process.stderr.write(`there is no mutation named ${unknown.join(', ')}: their names stand in tests/mutations/\n`);
  process.exit(2);
}
const chosen = mutations.filter(({ name, slow }) =>
  positionals.length > 0 ? positionals.includes(name) : values.slow === true || slow !== true,
);
const startedMs = systemClock.monotonicMs();
listenForEndings();
await using copy = await copyOfProject('project');
removeOnExit(dirname(copy.project));
const unsound = await playUnmutated(copy, chosen);
if (unsound.length > 0) {
  say(`Without any mutation the tests must be green: ${unsound.join('; ')}`);
  process.exitCode = 1;
} else {
  const survivors: Mutation[] = [];
  for (const mutation of chosen) {
    const sinceMs = systemClock.monotonicMs();
    const { caught, told } = await play(copy, mutation);
    if (!caught) survivors.push(mutation);
    const took = `${((systemClock.monotonicMs() - sinceMs) / 1000).toFixed(1)} s`;
    say(`${caught ? 'caught  ' : 'SURVIVED'} ${mutation.name} (${mutation.file}): ${told} [${took}]`);
  }
  const minutes = ((systemClock.monotonicMs() - startedMs) / 60_000).toFixed(1);
  say(`${chosen.length - survivors.length} of ${chosen.length} mutations caught, in ${minutes} minutes`);
  for (const { name, file, why } of survivors) say(`survived: ${name} in ${file}: ${why}`);
  process.exitCode = survivors.length === 0 ? 0 : 1;
}

/** The tests that are red without a mutation: what they say of one would mean nothing. */
async function playUnmutated(project: ProjectCopy, all: readonly Mutation[]): Promise<string[]> {
  const files = [...new Set(all.map(({ caughtBy }) => caughtBy.test))];
  const problems: string[] = [];
  for (const kind of ['unit', 'contract'] as const) {
    const those = files.filter((file) => projectOf(file) === kind);
    if (those.length === 0) continue;
    const { failed, broken, passed } = await runTests(project, kind, those);
    problems.push(...failed.map(({ title, why }) => `${title}: ${why}`), ...(broken === undefined ? [] : [broken]));
    if (passed === 0) problems.push(`no test of ${those.join(', ')} was played`);
  }
  return problems;
}

/** Changes the file, plays the test that must catch it, and puts the file back. */
async function play(project: ProjectCopy, mutation: Mutation): Promise<{ caught: boolean; told: string }> {
  const { file, find, replace, caughtBy } = mutation;
  const path = join(project.project, file);
  const text = await readFile(path, 'utf8');
  if (text.split(find).length !== 2) return { caught: false, told: 'its text is not there exactly once' };
  await writeFile(
    path,
    text.replace(find, () => replace),
  );
  try {
    const { failed, broken, passed } = await runTests(
      project,
      projectOf(caughtBy.test),
      [caughtBy.test],
      caughtBy.title,
    );
    const byAssertion = failed.find(({ isAssertion }) => isAssertion);
    if (byAssertion) return { caught: true, told: `by ${caughtBy.test}, ${byAssertion.title}` };
    if (broken !== undefined) return { caught: false, told: `the test file could not be played: ${broken}` };
    const other = failed[0];
    if (other) return { caught: false, told: `red by no assertion: ${other.title}: ${other.why}` };
    return { caught: false, told: `${passed} tests of ${caughtBy.test} are green` };
  } finally {
    await writeFile(path, text);
  }
}

async function runTests(
  { project, temporary }: ProjectCopy,
  kind: string,
  files: readonly string[],
  title?: string,
): Promise<TestRun> {
  const report = join(temporary, 'tests.json');
  await writeFile(report, '');
  const named = title === undefined ? [] : ['--testNamePattern', title.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')];
  const reporters = ['--reporter=json', `--outputFile=${report}`];
  const { all } = await execa(
    process.execPath,
    [join('node_modules', 'vitest', 'vitest.mjs'), 'run', '--project', `${kind}*`, ...files, ...named, ...reporters],
    { cwd: project, env: { TMPDIR: temporary }, reject: false, all: true, timeout: longestRunMs, stdin: 'ignore' },
  );
  const written = await readFile(report, 'utf8');
  if (written === '') return { failed: [], passed: 0, broken: firstLine(all) };
  const { testResults } = JSON.parse(written) as Report;
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const failed = tests
    .filter(({ status }) => status === 'failed')
    .map(({ fullName, failureMessages }) => ({
      title: fullName,
      isAssertion: failureMessages.some((message) => assertion.test(message)),
      why: firstLine(failureMessages.join('\n')),
    }));
  const unplayed = testResults.find(({ status, message }) => status === 'failed' && message !== '');
  return {
    failed,
    passed: tests.filter(({ status }) => status === 'passed').length,
    ...(unplayed && { broken: `${unplayed.name}: ${firstLine(unplayed.message)}` }),
  };
}

function projectOf(file: string): 'unit' | 'contract' {
  return file.endsWith('.contract.ts') ? 'contract' : 'unit';
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? '';
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
