import type { ChildProcess } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createVitest, type Reporter } from 'vitest/node';
import { askUntil } from '../domain/ask-until.ts';
import { systemClock } from '../domain/clock.ts';
import { signalFor } from '../domain/ending.ts';
import { projectFolder } from '../harness/project.ts';
import { readWorkerPid, workerPidFile } from '../harness/worker-pid.ts';
import { endedBy } from './ending.ts';
import { exitCodes } from './exit-codes.ts';
import { suiteOutput } from './suite-output.ts';

export interface Suite {
  file: string;
  /** Folder of the reports. */
  out: string;
  runId: string;
  /** Aborts when the command is to end: the drill is told, ends its step, cleans up and writes its report. */
  ending: AbortSignal;
  silent: boolean;
}

/**
 * Runs the suite of one drill and writes JUnit and Allure results beside its reports. The steps are on screen through
 * the drill's own timeline; vitest only reports what happens outside of them.
 */
export async function runSuite({ file, out, runId, ending, silent }: Suite): Promise<void> {
  // glibc keeps an arena of memory for each thread otherwise, and a drill promises to stay under 400 MB.
  process.env['MALLOC_ARENA_MAX'] ??= '2';
  if (ending.aborted) return;
  const vitest = await createVitest(
    'test',
    {
      root: projectFolder,
      watch: false,
      project: ['drills'],
      reporters: [
        outsideErrors(ending),
        ['junit', { outputFile: join(out, 'junit.xml') }],
        ['allure-vitest/reporter', { resultsDir: join(out, 'allure-results') }],
      ],
    },
    // It warns of a # in the path of the project, below which its own loader finds nothing; Node's does.
    { logLevel: 'error' },
    { stdout: suiteOutput({ silent }) },
  );
  const over = new AbortController();
  const tell = (): void => void tellWorker(out, runId, over.signal).catch(() => undefined);
  subscribe(childProcesses, seeExit);
  try {
    if (ending.aborted) return;
    ending.addEventListener('abort', tell, { once: true });
    await vitest.start([file]);
  } finally {
    over.abort();
    ending.removeEventListener('abort', tell);
    await vitest.close();
    unsubscribe(childProcesses, seeExit);
  }
}

/** Where Node tells of every child process that is started. */
const childProcesses = 'child_process';

/**
 * Has vitest see that its worker has gone. It takes a process without an exit code for one that runs, which one that died of
 * a signal has not: where that comes before the worker has begun, vitest 5.1 waits for its end without end.
 */
function seeExit(message: unknown): void {
  const { process: child } = message as { process: ChildProcess };
  child.once('exit', (code) => {
    if (code === null) Object.assign(child, { exitCode: exitCodes.fail });
  });
}

/** Tells the process that runs the drill, as soon as it is there to be told. */
async function tellWorker(out: string, runId: string, over: AbortSignal): Promise<void> {
  const signal = signalFor(endedBy() ?? 'SIGTERM');
  const isTold = async (): Promise<boolean> => {
    const pid = readWorkerPid(await readFile(workerPidFile(out), 'utf8').catch(() => ''), runId);
    return pid !== undefined && process.kill(pid, signal);
  };
  await askUntil(isTold, { clock: systemClock, withinMs: Infinity, signal: over });
}

/** Shows what is red although no step of the drill reported it: a file that does not load, an unhandled error. */
function outsideErrors(ending: AbortSignal): Reporter {
  return {
    onTestRunEnd(modules, errors) {
      // One that was told before it had begun has ended by that; what became of the run is said by its record.
      if (ending.aborted) return;
      const messages = [...errors.map(inWords), ...modules.flatMap((module) => module.errors().map(inWords))];
      for (const message of messages) process.stderr.write(`firedrill: ${message}\n`);
    },
  };
}

/** With its place in the code; where the test runner only passes on what has happened, that itself. */
function inWords({ cause, stack, message }: { cause?: unknown; stack?: string; message: string }): string {
  return cause instanceof Error ? cause.message : (stack ?? message);
}
