import type { FaultClaim } from '../domain/fault.ts';
import { finding, type Finding } from '../domain/finding.ts';
import type { ServiceFacts } from '../domain/service-facts.ts';

/**
 * `recovery.another-server`: where the fault claims to have destroyed a store, the one that serves after the recovery is
 * another one, and answers: another process, data in another place, and, where the server names itself, another
 * identity. One that is still the old one was not recovered, whatever is in it. Undefined for a fault that destroys no
 * store.
 */
export function judgeAnotherServer(
  claims: readonly FaultClaim[],
  before: readonly ServiceFacts[],
  now: readonly ServiceFacts[],
): Finding | undefined {
  const destroyed = claims.filter(({ effect }) => effect === 'destroyed').map(({ target }) => target.service);
  if (destroyed.length === 0) return undefined;
  const told = destroyed.flatMap((service) => {
    const [was, is] = [before, now].map((facts) => facts.find((each) => each.service === service));
    return differencesOf(service, was, is);
  });
  return finding('recovery.another-server', told.length === 0, {
    expected: `other servers than before the fault: ${destroyed.join(', ')}`,
    actual: told.length === 0 ? 'other processes, data in other places' : (told[0] ?? ''),
    evidence: told,
    recommendation: 'Recover into a new server; one that the disaster has spared shows nothing of a recovery.',
  });
}

function differencesOf(service: string, was: ServiceFacts | undefined, is: ServiceFacts | undefined): string[] {
  if (!was || was.processes.length === 0) return [`${service}: the server of before the fault was not seen`];
  if (!is || is.processes.length === 0 || is.content === undefined) return [`${service}: no server gives content now`];
  return [
    ...is.processes.filter((process) => was.processes.includes(process)).map((same) => `${service}: still ${same}`),
    ...(was.data !== undefined && is.data?.place === was.data.place
      ? [`${service}: still on the data in ${was.data.place}`]
      : []),
    ...(was.content?.identity !== undefined && is.content.identity === was.content.identity
      ? [`${service}: still the cluster ${was.content.identity}`]
      : []),
  ];
}
