import { judgeSmoke } from '../../checks/smoke.ts';
import { DrillError } from '../../domain/drill-error.ts';
import type { Finding } from '../../domain/finding.ts';
import type { Probe } from '../../domain/smoke.ts';
import { openEndpoint } from '../../faults/http-open-endpoint.ts';
import { slowEndpoint as slowProxy } from '../../faults/http-slow-endpoint.ts';
import { machineLoad } from '../../smoke/own-delay.ts';
import { apiUrlOf } from '../app.ts';
import { need, type DrillContext } from '../context.ts';
import type { Control, Sabotage } from '../definition.ts';
import { drawn, drawnNumber } from '../draw.ts';
import { sendProbes } from '../verifications.ts';

/** One answer of all that the drill asks for ends half a second after the limit; its headers are there at once. */
export const slowEndpoint: Control = {
  name: 'slow-endpoint',
  title: 'One answer of an endpoint, drawn by the seed, takes 2.5 s to its last byte',
  expectedCheck: 'smoke.latency',
  expectedVerdict: 'fail',
  // Every request that the drill sends is sent: a judgement that forgives one of many must not pass.
  ...played('as the drill', async (context, apiUrl, port) => {
    const probes = context.runbook.smoke.probes.filter(({ security, method }) => !security && method === 'GET');
    const probe = drawn(context, probes, 'slow probe');
    const only = drawnNumber(context, 'slow request', probe?.requests ?? 1) + 1;
    return slowProxy({ target: apiUrl, port, path: pathOf(probe), delayMs: 2_500, only });
  }),
};

/** One endpoint lets everybody in. */
export const endpointWithoutAuth: Control = {
  name: 'endpoint-without-auth',
  title: 'An endpoint that asks for authentication lets everybody in',
  expectedCheck: 'smoke.auth',
  expectedVerdict: 'fail',
  ...played('one each', async ({ runbook, state }, apiUrl, port) => {
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

/** The same proxy for the control and for the drill played for real. */
function played(
  requests: 'as the drill' | 'one each',
  interpose: Interpose,
): { verify: Control['verify']; sabotage: Sabotage } {
  return {
    async verify(context): Promise<Finding[]> {
      const { runbook } = context;
      const port = await need(context, 'stack').freePort();
      await using proxy = await interpose(context, apiUrlOf(need(context, 'app')), port);
      const probes = runbook.smoke.probes.map((probe): Probe => ({
        ...probe,
        ...(requests === 'one each' && { requests: 1 }),
      }));
      const tokens = need(context, 'tokens');
      return judgeSmoke(await sendProbes(context, { apiUrl: proxy.url, probes, tokens }), machineLoad());
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
