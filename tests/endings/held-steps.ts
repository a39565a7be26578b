import { join } from 'node:path';
import { askUntil } from '../../domain/ask-until.ts';
import type { Stack } from '../../domain/service.ts';
import type { DrillContext } from '../../harness/context.ts';
import type { DrillStep } from '../../harness/definition.ts';
import type { RunStep } from '../../harness/run.ts';
import { cleanUp } from '../../harness/steps/finish.ts';
import { spawnMarked } from '../../stack/marks/spawn.ts';
import { createRunContext } from '../../stack/run-context.ts';
import { residue } from '../../stack/residue.ts';

/** Environment variable with the title of the step that lasts until the run is interrupted. */
export const heldVariable = 'FIREDRILL_TEST_HELD';

/** Titles of the steps, in their order. */
export const heldTitles = ['start', 'seed', 'backup', 'fault', 'restore', 'controls', 'clean-up'] as const;

/** Steps of a drill that starts a program and a folder, and holds where it is told to. */
export function heldSteps(): RunStep[] {
  const phases = ['start', 'seed', 'backup', 'fault', 'restore', 'controls'] as const;
  return [
    ...phases.map((phase): RunStep => ({ title: phase, step: held(phase, phase) })),
    { title: 'clean-up', step: { ...cleanUp, execute: clearAway }, always: true },
  ];
}

function held(title: string, phase: DrillStep['phase']): DrillStep {
  return {
    name: title,
    title,
    phase,
    execute: async (context) => {
      if (title === 'start') await start(context);
      await hold(context, title);
    },
  };
}

/** What is to be put away: a program with the marks of the run, in the folder of the run. */
async function start(context: DrillContext): Promise<void> {
  const { runId, engine } = context.record;
  const run = await createRunContext({ runId, engine });
  const child = await spawnMarked(run, {
    service: 'api',
    what: 'sleeper',
    file: process.execPath,
    args: ['-e', 'setInterval(() => {}, 1_000)'],
    cwd: run.folder,
    logFile: join(run.folder, 'sleeper.log'),
  });
  // As much of a stack as the clean-up asks for.
  context.state.stack = {
    close: async () => {
      child.signal('SIGKILL');
      await child.exited;
      await run[Symbol.asyncDispose]();
    },
    residue: () => residue(run),
    keep: () => undefined,
    folder: run.folder,
    services: () => [],
  } as unknown as Stack;
}

/** Writes to the screen as a step of a real drill does, which is how the end of a reader shows. */
async function hold(context: DrillContext, title: string): Promise<void> {
  if (process.env[heldVariable] !== title) return;
  const { signal, clock } = context;
  const asked = async (): Promise<boolean> => {
    context.progress().info(`${title} holds`);
    return title === 'clean-up' && signal.aborted;
  };
  const patience = { clock, withinMs: 60_000, firstPauseMs: 50, longestPauseMs: 100 };
  await askUntil(asked, title === 'clean-up' ? patience : { ...patience, signal });
}

async function clearAway(context: DrillContext): Promise<void> {
  await hold(context, 'clean-up');
  await cleanUp.execute(context);
}
