import { judgeFault } from '../../checks/fault.ts';
import type { Control, Fault } from '../definition.ts';
import { observeFault } from '../steps/strike.ts';
import { recoveredStack } from './fault-elsewhere.ts';

/** The same fault, but its injection does nothing. */
const inert = (fault: Fault): Fault => ({ ...fault, inject: async () => {} });

/** A fault that does nothing must make the drill inconclusive, never green. */
export const inertFault: Control = {
  name: 'inert-fault',
  title: 'The fault does nothing',
  expectedCheck: 'fault.bites',
  expectedVerdict: 'inconclusive',
  async verify(context) {
    const recovered = recoveredStack(context);
    await inert(context.fault).inject(recovered);
    const { observations } = await observeFault({ ...context, state: { ...context.state, stack: recovered } });
    return [judgeFault(observations)];
  },
  sabotage: { replaceFault: inert },
};
