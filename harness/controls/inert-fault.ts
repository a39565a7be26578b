import { judgeFault } from '../../checks/fault.ts';
import type { Stack } from '../../domain/service.ts';
import { need } from '../context.ts';
import type { Control, Fault } from '../definition.ts';
import { observeFault } from '../steps/strike.ts';

/** The same fault, but its injection does nothing. */
const inert = (fault: Fault): Fault => ({ ...fault, inject: async () => {} });

/** A fault that does nothing must make the drill inconclusive, never green. */
export const inertFault: Control = {
  name: 'inert-fault',
  title: 'The fault does nothing',
  expectedCheck: 'fault.bites',
  expectedVerdict: 'inconclusive',
  async verify(context) {
    const stack = need(context, 'stack');
    // The system as it is now: the recovered servers stand where the destroyed ones stood.
    const recovered = Object.create(stack, {
      postgres: { value: need(context, 'database') },
      objects: { value: need(context, 'objects') },
      search: { value: need(context, 'search') },
    }) as Stack;
    await inert(context.fault).inject(recovered);
    const { observations } = await observeFault({ ...context, state: { ...context.state, stack: recovered } });
    return [judgeFault(observations)];
  },
  sabotage: { replaceFault: inert },
};
