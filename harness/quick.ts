import type { Runbook } from '../domain/runbook.ts';

/** Size of a quick run, where nothing else is asked for and the system is not smaller by itself. */
export const quickRows = 300;

const requestsOfProbe = 2;
const sustainedSeconds = 0.5;

/** The smoke of a quick run: every probe, at the rate of the runbook, and few requests to each. */
export function quickSmoke(smoke: Runbook['smoke']): Runbook['smoke'] {
  const { probes, sustained } = smoke;
  return {
    ...smoke,
    probes: probes.map((probe) => ({ ...probe, requests: Math.min(probe.requests, requestsOfProbe) })),
    ...(sustained && {
      sustained: {
        ...sustained,
        requests: Math.min(sustained.requests, Math.ceil(sustained.perSecond * sustainedSeconds)),
      },
    }),
  };
}
