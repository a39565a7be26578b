import { judgeCleanUp } from '../../checks/clean-up.ts';
import { judgeWallClock } from '../../checks/clocks.ts';
import { messageOf } from '../../domain/drill-error.ts';
import { stopApp } from '../app.ts';
import type { DrillContext } from '../context.ts';
import type { DrillStep } from '../definition.ts';

/** Ends and deletes everything the run has started, then looks for what is still there. */
export const cleanUp: DrillStep = {
  name: 'clean-up',
  title: 'Clean up and prove it',
  phase: 'clean-up',
  async execute(context) {
    const { options, record, state } = context;
    // Last of all, so that it is about the whole run.
    context.judge([judgeWallClock(record.timeline)]);
    if (options.keep) {
      record.limitations.push(
        'Kept for a look (--keep): what the run started is still there, clean-up was not judged.',
      );
      state.stack?.keep();
      context.progress().info(`kept: ${state.stack?.folder ?? 'nothing was started'}; \`firedrill clean\` removes it`);
      return;
    }
    const problems = await disposeAll(context);
    const left = (await state.stack?.residue()) ?? [];
    const judged = judgeCleanUp(left, problems);
    record.cleanUp = { verdict: judged.verdict, left: left.map(({ kind, name }) => ({ kind, name })) };
    context.judge([judged]);
  },
};

/** Every part is tried, whatever happens to the others. Gives what went wrong. */
async function disposeAll({ state, disposables }: DrillContext): Promise<string[]> {
  const problems: string[] = [];
  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    await work().catch((error: unknown) => problems.push(messageOf(error)));
  };
  for (const disposable of disposables.toReversed()) await attempt(async () => disposable[Symbol.asyncDispose]());
  for (const app of [state.stagingApp, state.app]) if (app) await attempt(() => stopApp(app));
  if (state.stack) await attempt(async () => state.stack?.close());
  return problems;
}
