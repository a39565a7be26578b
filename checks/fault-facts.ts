import type { FaultClaim, FaultEffect, FaultObservation } from '../domain/fault.ts';
import type { ServiceFacts } from '../domain/service-facts.ts';

/**
 * What the harness saw for itself of a fault, as answers for `judgeFault`: every service that the fault claims to strike
 * shows what is claimed, every other one is as it was. `before` and `after` are of the same services. A claim about a
 * service that was not there before, and a fault that claims nothing, are answers of a fault that did not bite.
 */
export function answersByFacts(
  claims: readonly FaultClaim[],
  before: readonly ServiceFacts[],
  after: readonly ServiceFacts[],
): FaultObservation[] {
  const unmet = claims.filter(({ target }) => !before.some((facts) => isMeant(target, facts)));
  return [
    ...(claims.length === 0 ? [answer('What does the fault claim to strike?', 'a service', 'nothing')] : []),
    ...unmet.map(({ target }) => answer(`Was there a ${nameOf(target)} to strike?`, 'yes', 'no')),
    ...before.flatMap((facts) => {
      const claim = claims.find(({ target }) => isMeant(target, facts));
      const now = after.find((other) => nameOf(other) === nameOf(facts));
      return now === undefined ? [] : answersOf(claim?.effect ?? 'spared', facts, now);
    }),
  ];
}

/** `postgres (production)`, `api (production, app-1)`. */
function nameOf({ service, role, instance }: Pick<ServiceFacts, 'service' | 'instance'> & { role?: string }): string {
  const which = [role, instance].filter((part) => part !== undefined).join(', ');
  return which === '' ? service : `${service} (${which})`;
}

function isMeant({ service, role, instance }: FaultClaim['target'], facts: ServiceFacts): boolean {
  return (
    facts.service === service &&
    (role === undefined || role === facts.role) &&
    (instance === undefined || instance === facts.instance)
  );
}

function answersOf(effect: FaultEffect | 'spared', was: ServiceFacts, is: ServiceFacts): FaultObservation[] {
  const name = nameOf(was);
  const wasThere = was.processes.length > 0 && was.content !== undefined && was.data?.entries !== 0;
  // What only the fault's own questions can show is not asked twice.
  if (effect === 'impaired') return [];
  const there = answer(`Seen by the harness: did ${name} run and give its content before?`, 'yes', yesNo(wasThere));
  return [...(wasThere ? [] : [there]), ...seen[effect](`Seen by the harness: ${name}`, was, is)];
}

type Seen = (name: string, was: ServiceFacts, is: ServiceFacts) => FaultObservation[];

const seen: Record<Exclude<FaultEffect, 'impaired'> | 'spared', Seen> = {
  destroyed: (name, was, is) => [
    ...gone(name, was, is),
    answer(`${name}: how many entries of its data are left?`, '0', String(is.data?.entries ?? 'it keeps none')),
  ],
  killed: (name, was, is) => [
    ...gone(name, was, is),
    ...(was.data ? [answer(`${name}: are its data left?`, 'yes', yesNo((is.data?.entries ?? 0) > 0))] : []),
  ],
  hung: (name, was, is) => [
    answer(`${name}: is it the same process, and does it stand still?`, 'yes', yesNo(isSame(was, is) && is.halted)),
    answer(`${name}: does it take connections?`, 'yes', yesNo(is.accepts)),
    answer(`${name}: does it give content?`, 'no', yesNo(is.content !== undefined)),
  ],
  damaged: (name, was, is) => {
    const items = Object.entries(was.content?.items ?? {});
    const damaged = items.filter(([item, digest]) => is.content?.items[item] !== digest).length;
    const question = `${name}: how many of ${items.length} things that it held are other or gone?`;
    return [{ question, expected: 'at least 1', actual: String(damaged), bitten: damaged > 0 }];
  },
  spared: (name, was, is) => [
    answer(`${name}: which the fault does not name, is it the same process?`, 'yes', yesNo(isSame(was, is))),
    answer(`${name}: which the fault does not name, does it give content?`, 'yes', yesNo(is.content !== undefined)),
  ],
};

function gone(name: string, was: ServiceFacts, is: ServiceFacts): FaultObservation[] {
  const left = is.processes.filter((process) => was.processes.includes(process));
  const others = is.processes.length - left.length;
  return [
    answer(`${name}: which of its processes still run?`, 'none', left.join('; ') || 'none'),
    answer(`${name}: how many others run in its place?`, '0', String(others)),
    answer(`${name}: does it take connections?`, 'no', yesNo(is.accepts)),
    answer(`${name}: does it give content?`, 'no', yesNo(is.content !== undefined)),
  ];
}

function isSame(was: ServiceFacts, is: ServiceFacts): boolean {
  return was.processes.length > 0 && was.processes.join() === is.processes.join();
}

function answer(question: string, expected: string, actual: string): FaultObservation {
  return { question, expected, actual, bitten: actual === expected };
}

function yesNo(is: boolean): 'yes' | 'no' {
  return is ? 'yes' : 'no';
}
