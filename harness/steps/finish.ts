import { finding } from '../../domain/finding.ts';
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
    const { options, record, state, recorder } = context;
    if (options.keep) {
      record.limitations.push(
        'Kept for a look (--keep): what the run started is still there, clean-up was not judged.',
      );
      context.progress().info(`kept: ${state.stack?.folder ?? 'nothing was started'}; \`firedrill clean\` removes it`);
      return;
    }
    const problems = await disposeAll(context);
    const left = (await state.stack?.residue()) ?? [];
    const verdict = left.length === 0 && problems.length === 0 ? 'pass' : 'fail';
    record.cleanUp = { verdict, left: left.map(({ kind, name }) => ({ kind, name })) };
    recorder.judge('clean-up', [
      finding('clean-up', verdict === 'pass', {
        expected: 'no process, container, volume, network, folder or port of the run is left',
        actual: left.length === 0 ? `nothing left${problems.length > 0 ? ', with errors' : ''}` : `${left.length} left`,
        evidence: [...left.map(({ kind, name }) => `${kind} ${name}`), ...problems],
        recommendation: 'Run `firedrill clean`, and find out what the clean-up missed.',
      }),
    ]);
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
