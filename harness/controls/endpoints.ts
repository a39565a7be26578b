import { judgeSmoke } from '../../checks/smoke.ts';
import { DrillError } from '../../domain/drill-error.ts';
import type { Finding } from '../../domain/finding.ts';
import type { Probe } from '../../domain/smoke.ts';
import { openEndpoint } from '../../faults/http-open-endpoint.ts';
import { slowEndpoint as slowProxy } from '../../faults/http-slow-endpoint.ts';
import { runSmoke } from '../../smoke/run-smoke.ts';
import { apiUrlOf } from '../app.ts';
import { need, type DrillContext } from '../context.ts';
import type { Control, Sabotage } from '../definition.ts';

/** One endpoint answers half a second after the limit. */
export const slowEndpoint: Control = {
  name: 'slow-endpoint',
  title: 'An endpoint answers after 2.5 s',
  expectedCheck: 'smoke.latency',
  expectedVerdict: 'fail',
  ...played(async ({ runbook }, apiUrl, port) => {
    const probe = runbook.smoke.probes.find(({ security }) => !security);
    return slowProxy({ target: apiUrl, port, path: pathOf(probe), delayMs: 2_500 });
  }),
};

/** One endpoint lets everybody in. */
export const endpointWithoutAuth: Control = {
  name: 'endpoint-without-auth',
  title: 'An endpoint that asks for authentication lets everybody in',
  expectedCheck: 'smoke.auth',
  expectedVerdict: 'fail',
  ...played(async ({ runbook, state }, apiUrl, port) => {
    const closed = runbook.smoke.probes.find(({ security }) => security);
    // A token that the same path accepts in another probe of the runbook is a strong one for it.
    const strong = runbook.smoke.probes.find(
      ({ path, token, security }) => path === closed?.path && token !== undefined && !security,
    )?.token;
    const token = strong === undefined ? undefined : state.tokens?.[strong];
    if (token === undefined) {
      throw new DrillError({
        code: 'configuration',
        what: 'the runbook has no probe that is let in at the path of its first security probe',
        expected: 'a probe with a strong token for the same path',
        where: runbook.file,
      });
    }
    return openEndpoint({ target: apiUrl, port, path: pathOf(closed), token });
  }),
};

type Interpose = (context: DrillContext, apiUrl: string, port: number) => Promise<{ url: string } & AsyncDisposable>;

/** The same proxy for the control (one request a probe) and for the drill played for real. */
function played(interpose: Interpose): { verify: Control['verify']; sabotage: Sabotage } {
  return {
    async verify(context): Promise<Finding[]> {
      const { runbook, clock, signal } = context;
      const port = await need(context, 'stack').freePort();
      await using proxy = await interpose(context, apiUrlOf(need(context, 'app')), port);
      const probes = runbook.smoke.probes.map((probe): Probe => ({ ...probe, requests: 1 }));
      return judgeSmoke(await runSmoke(proxy.url, probes, need(context, 'tokens'), { clock, signal }));
    },
    sabotage: {
      interpose: async (context, apiUrl) => interpose(context, apiUrl, await need(context, 'stack').freePort()),
    },
  };
}

function pathOf(probe: Probe | undefined): string {
  if (probe) return new URL(probe.path, 'http://localhost').pathname;
  throw new DrillError({ code: 'configuration', what: 'the runbook has no probe that this control could sabotage' });
}
