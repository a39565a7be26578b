import { rm, writeFile } from 'node:fs/promises';
import { afterAll, describe, test } from 'vitest';
import { chooseOwnEnvironment } from '../stack/own-environment.ts';
import { asAllureTells, attachReports, labelTest, recordedSoFar, tellSteps } from './allure.ts';
import type { DrillDefinition } from './definition.ts';
import { readRunOptions } from './options.ts';
import { createRun, type DrillRun } from './run.ts';
import { workerPidFile, workerPidText } from './worker-pid.ts';
import { endings, toldBy, type EndingName } from '../domain/ending.ts';

/** Registers a drill as a vitest suite: a test a step, in order, each step once. */
export async function registerSuite(definition: DrillDefinition): Promise<void> {
  chooseOwnEnvironment();
  const interruption = listenForEndings();
  const run = await createRun(definition, readRunOptions(process.env), {
    print: Object.assign((line: string) => void process.stdout.write(`${line}\n`), {
      overwrite: (text: string) => void process.stdout.write(text),
    }),
  });
  interruption.of(run);
  // `firedrill run` tells this process when it is ended.
  await writeFile(workerPidFile(run.directory), workerPidText(process.pid, run.record.runId));
  describe(definition.name, () => {
    for (const step of run.steps) {
      test(step.title, async (context) => {
        await labelTest(run.record, run.severity, step.runbookStep?.id);
        const before = recordedSoFar(run.record);
        const outcome = await run.execute(step);
        await tellSteps(run.record, step, before);
        if (outcome.kind === 'skipped') context.skip(outcome.reason);
        if (outcome.kind === 'failed') throw asAllureTells(outcome.error);
      });
    }
    test('Write the report', async () => {
      await labelTest(run.record, run.severity);
      await run.finish();
      await attachReports(run.directory);
    });
    afterAll(async () => {
      await run.finish();
      await rm(workerPidFile(run.directory), { force: true });
      interruption.isOver();
    });
  });
}

/**
 * An ending interrupts the run: it ends the step that is on, cleans up and still writes a report. One that comes before
 * there is a run is kept for it; after its end it ends this process, as the test runner does with SIGTERM.
 */
function listenForEndings(): { of(run: DrillRun): void; isOver(): void } {
  let run: DrillRun | undefined;
  let pending: EndingName | undefined;
  let over = false;
  for (const [signal, name] of Object.entries(toldBy)) {
    process.on(signal, () => {
      if (over) process.exit();
      else if (run) run.interrupt(endings[name].told);
      else pending ??= name;
    });
  }
  return {
    of: (begun) => {
      run = begun;
      if (pending) run.interrupt(endings[pending].told);
    },
    isOver: () => {
      over = true;
    },
  };
}
