import { answersByFacts } from '../../checks/fault-facts.ts';
import { judgeFault } from '../../checks/fault.ts';
import type { Stack } from '../../domain/service.ts';
import { need, type DrillContext } from '../context.ts';
import type { Control, Fault } from '../definition.ts';
import { factsOf, factsOfServing, servicesToWatch } from '../service-facts.ts';

/** Says of everything that it bit; what it strikes, if anything, is not what the drill's fault names. */
const elsewhere = (fault: Fault, strike: (stack: Stack) => Promise<void>): Fault => ({
  ...fault,
  inject: strike,
  observe: async () => [{ question: 'Did the fault bite?', expected: 'yes', actual: 'yes', bitten: true }],
});

/**
 * A fault that says that it bit, and has left what it names as it was. Played for real it kills the API instead, so that
 * the monitoring is red and nothing but a look of one's own shows that the data are still there.
 */
export const faultElsewhere: Control = {
  name: 'fault-elsewhere',
  title: 'The fault says that it bit, and has struck something else',
  expectedCheck: 'fault.bites',
  expectedVerdict: 'inconclusive',
  async verify(context) {
    const stack = recoveredStack(context);
    const watched = await servicesToWatch(stack);
    const before = await factsOfServing(watched, context);
    const fault = elsewhere(context.fault, async () => {});
    await fault.inject(stack);
    const seen = answersByFacts(context.fault.claims, before, await factsOf(watched));
    return [judgeFault([...(await fault.observe(stack)), ...seen])];
  },
  sabotage: {
    replaceFault: (fault) =>
      elsewhere(fault, async (stack) => {
        await Promise.all(stack.apps().map((process) => process.kill()));
      }),
  },
};

/** The system as it is now: the recovered servers stand where the destroyed ones stood. */
export function recoveredStack(context: DrillContext): Stack {
  return Object.create(need(context, 'stack'), {
    postgres: { value: need(context, 'database') },
    objects: { value: need(context, 'objects') },
    search: { value: need(context, 'search') },
  }) as Stack;
}
