import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { attachment, epic, feature, parameter } from 'allure-js-commons';
import { afterAll, describe, test } from 'vitest';
import type { DrillDefinition } from './definition.ts';
import { readRunOptions } from './options.ts';
import { createRun, type DrillRun } from './run.ts';
import { workerPidFile } from './worker-pid.ts';

/** Registers a drill as a vitest suite: a test a step, in order, each step once. */
export async function registerSuite(definition: DrillDefinition): Promise<void> {
  const run = await createRun(definition, readRunOptions(process.env), {
    print: (line) => process.stdout.write(`${line}\n`),
  });
  const stopListening = interruptOnSignals(run);
  // `firedrill run` passes Ctrl-C on to this process.
  await writeFile(workerPidFile(run.directory), String(process.pid));
  describe(definition.name, () => {
    for (const step of run.steps) {
      test(step.title, async (context) => {
        await epic(definition.runbook);
        await feature(definition.name);
        if (step.runbookStep) await parameter('runbook step', step.runbookStep.id);
        const outcome = await run.execute(step);
        if (outcome.kind === 'skipped') context.skip(outcome.reason);
        if (outcome.kind === 'failed') throw outcome.error;
      });
    }
    test('Write the report', async () => {
      await run.finish();
      for (const [file, type] of attachments) await attachment(file, await readFile(join(run.directory, file)), type);
    });
    afterAll(async () => {
      await run.finish();
      await rm(workerPidFile(run.directory), { force: true });
      stopListening();
    });
  });
}

const attachments = [
  ['report.html', 'text/html'],
  ['drill.json', 'application/json'],
] as const;

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
