import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createVitest, type CliOptions, type Reporter } from 'vitest/node';
import { workerPidFile } from '../harness/worker-pid.ts';
import { projectFolder } from '../harness/project.ts';
import { suiteOutput } from './suite-output.ts';

/**
 * Runs the suite of one drill and writes JUnit and Allure results beside its reports. The steps are on screen through
 * the drill's own timeline; vitest only reports what happens outside of them.
 */
export async function runSuite({ file, out, silent }: { file: string; out: string; silent: boolean }): Promise<void> {
  const before = listeners();
  // glibc keeps an arena of memory for each thread otherwise, and a drill promises to stay under 400 MB.
  process.env['MALLOC_ARENA_MAX'] ??= '2';
  const suite: CliOptions = {
    root: projectFolder,
    watch: false,
    project: ['drills'],
    reporters: [
      outsideErrors,
      ['junit', { outputFile: join(out, 'junit.xml') }],
      ['allure-vitest/reporter', { resultsDir: join(out, 'allure-results') }],
    ],
  };
  const vitest = await createVitest('test', suite, {}, { stdout: suiteOutput({ silent }) });
  // Vitest ends at once on Ctrl-C and kills the worker, which could not clean up then. It must not hear of it.
  const stop = superviseSignals(before, out);
  try {
    await vitest.start([file]);
  } finally {
    await vitest.close();
    stop();
  }
}

const supervised = ['SIGINT', 'SIGTERM'] as const;

function listeners(): ReadonlySet<unknown> {
  return new Set(supervised.flatMap((signal) => process.listeners(signal)));
}

/** Takes the signals away from vitest and passes them on to the worker, which interrupts the drill in order. */
function superviseSignals(before: ReadonlySet<unknown>, out: string): () => void {
  const forward = (signal: NodeJS.Signals): void => {
    process.stdout.write(`\nfiredrill: ${signal}, ending the drill and cleaning up; this takes some seconds\n`);
    const pid = Number(readPid(out));
    if (Number.isInteger(pid) && pid > 0) process.kill(pid, signal);
  };
  for (const signal of supervised) {
    for (const listener of process.listeners(signal)) if (!before.has(listener)) process.off(signal, listener);
    process.on(signal, forward);
  }
  return () => supervised.forEach((signal) => process.off(signal, forward));
}

function readPid(out: string): string {
  try {
    return readFileSync(workerPidFile(out), 'utf8');
  } catch {
    // The worker has not begun yet or has ended: there is nobody to tell.
    return '';
  }
}

/** Shows what is red although no step of the drill reported it: a file that does not load, an unhandled error. */
const outsideErrors: Reporter = {
  onTestRunEnd(modules, errors) {
    const messages = [
      ...errors.map((error) => error.stack ?? error.message),
      ...modules.flatMap((module) => module.errors().map((error) => error.stack ?? error.message)),
    ];
    for (const message of messages) process.stderr.write(`firedrill: ${message}\n`);
  },
};
