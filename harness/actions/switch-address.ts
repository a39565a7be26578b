import { DrillError } from '../../domain/drill-error.ts';
import { ask } from '../../faults/ask.ts';
import { until } from '../until.ts';
import { need } from '../context.ts';
import type { Action } from '../definition.ts';

/** How long the address may take to lead to the application. */
const switchedWithinMs = 30_000;

/** The address that clients know points at the application where it is now. */
export const switchAddress: Action = {
  name: 'switch-address',
  title: 'Switch the address to the new application',
  phase: 'resume',
  async execute(context) {
    const { url, proxy } = need(context, 'front');
    const behind = new URL(need(context, 'apiUrl'));
    proxy.pointAt({ host: behind.hostname, port: Number(behind.port) });
    context.state.apiUrl = url;
    const answered = await until(context, switchedWithinMs, async () => {
      const { kind } = await ask({ service: 'api', access: { baseUrl: url } });
      return kind === 'answered';
    });
    if (answered) return;
    throw new DrillError({
      code: 'service-unreachable',
      what: 'the address does not lead to the new application',
      expected: `an answer within ${switchedWithinMs / 1000} s`,
      where: url,
    });
  },
};
