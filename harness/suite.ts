import { rm, writeFile } from 'node:fs/promises';
import { afterAll, describe, test } from 'vitest';
import { chooseOwnEnvironment } from '../stack/own-environment.ts';
import { asAllureTells, attachReports, labelTest, recordedSoFar, tellSteps } from './allure.ts';
import type { DrillDefinition } from './definition.ts';
import { readRunOptions } from './options.ts';
import { createRun, type DrillRun } from './run.ts';
import { workerPidFile } from './worker-pid.ts';

/** Registers a drill as a vitest suite: a test a step, in order, each step once. */
export async function registerSuite(definition: DrillDefinition): Promise<void> {
  chooseOwnEnvironment();
  const run = await createRun(definition, readRunOptions(process.env), {
    print: Object.assign((line: string) => void process.stdout.write(`${line}\n`), {
      overwrite: (text: string) => void process.stdout.write(text),
    }),
  });
  const stopListening = interruptOnSignals(run);
  // `firedrill run` passes Ctrl-C on to this process.
  await writeFile(workerPidFile(run.directory), String(process.pid));
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
      stopListening();
    });
  });
}

/** Ctrl-C ends the step that is on, cleans up and still writes a report. */
function interruptOnSignals(run: DrillRun): () => void {
  const onSignal = (signal: NodeJS.Signals): void => run.interrupt(signal);
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return () => {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  };
}
