import { expect, test } from 'vitest';
import type { FaultClaim, FaultEffect, StruckService } from '../domain/fault.ts';
import type { ServiceFacts } from '../domain/service-facts.ts';
import { answersByFacts } from './fault-facts.ts';
import { judgeFault } from './fault.ts';

const facts = (service: StruckService, over: Partial<ServiceFacts> = {}): ServiceFacts => ({
  service,
  role: 'production',
  processes: [`process of ${service}`],
  halted: false,
  accepts: true,
  ...(service !== 'api' && { data: { place: `/data/${service}`, entries: 20 } }),
  content: { items: { one: 'a', two: 'b' } },
  ...over,
});

/** A service of which nothing is left but, perhaps, its data. */
const dead = (service: StruckService, entries: number): ServiceFacts => {
  const { content: _, ...rest } = facts(service, { processes: [], accepts: false });
  return { ...rest, ...(rest.data && { data: { ...rest.data, entries } }) };
};

const before = (['postgres', 'objects', 'search', 'api'] as const).map((service) => facts(service));
const after = (...changed: ServiceFacts[]): ServiceFacts[] =>
  before.map((was) => changed.find(({ service }) => service === was.service) ?? was);
const claim = (effect: FaultEffect, service: StruckService = 'postgres'): FaultClaim[] => [
  { target: { service }, effect },
];
const notBitten = (claims: FaultClaim[], now: ServiceFacts[], was = before): string[] =>
  answersByFacts(claims, was, now).flatMap(({ question, actual, bitten }) => (bitten ? [] : [`${question} ${actual}`]));

const { content: _, ...silent } = facts('postgres', { halted: true });

test('fault.bites passes by what the harness saw for itself, for every effect that a fault can claim', () => {
  expect(notBitten(claim('destroyed'), after(dead('postgres', 0)))).toEqual([]);
  expect(notBitten(claim('killed'), after(dead('postgres', 20)))).toEqual([]);
  expect(notBitten(claim('killed', 'api'), after(dead('api', 0)))).toEqual([]);
  expect(notBitten(claim('hung'), after(silent))).toEqual([]);
  const damaged = facts('objects', { content: { items: { one: 'a', two: 'garbage' } } });
  expect(notBitten(claim('damaged', 'objects'), after(damaged))).toEqual([]);
  expect(notBitten(claim('impaired'), after(dead('postgres', 0)))).toEqual([]);
});

test('a fault that leaves the data and says that it is gone did not bite', () => {
  expect(notBitten(claim('destroyed'), after(dead('postgres', 20)))).toEqual([
    'Seen by the harness: postgres (production): how many entries of its data are left? 20',
  ]);
});

test('a fault that leaves the process, the port or the content did not bite', () => {
  const lines = notBitten(claim('destroyed'), after(facts('postgres', { data: { place: '/data', entries: 0 } })));
  expect(lines.join('\n')).toMatch(/still run\? process of postgres\n.*connections\? yes\n.*content\? yes/);
});

test('a server that stands in the place of the killed one at once is no killed one', () => {
  const other = facts('postgres', { processes: ['another'] });
  expect(notBitten(claim('killed'), after(other)).join('\n')).toContain('in its place? 1');
});

test('a fault that strikes another store did not bite, and the store that it struck is named', () => {
  const lines = notBitten(claim('destroyed'), after(dead('search', 0))).join('\n');
  expect(lines).toContain('postgres (production): how many entries of its data are left? 20');
  expect(lines).toContain('search (production): which the fault does not name, is it the same process? no');
});

test('a fault that strikes another store beside the one it names is found out', () => {
  expect(notBitten(claim('destroyed'), after(dead('postgres', 0), dead('objects', 0)))).toHaveLength(2);
});

test('one of several API processes is struck, the other is spared', () => {
  const apis = ['app-1', 'app-2'].map((instance) => facts('api', { instance, processes: [instance] }));
  const claims: FaultClaim[] = [
    { target: { service: 'api', role: 'production', instance: 'app-1' }, effect: 'killed' },
  ];
  const [one, two] = apis.map(({ instance }) => ({ ...dead('api', 0), instance: instance ?? '' }));
  expect(notBitten(claims, [one!, apis[1]!], apis)).toEqual([]);
  expect(notBitten(claims, [apis[0]!, two!], apis).join('\n')).toMatch(
    /app-1.*still run[\s\S]*app-2.*same process\? no/,
  );
});

test('what nobody damaged is not damaged, and a process that goes on is not hung', () => {
  expect(notBitten(claim('damaged', 'objects'), after())).toEqual([
    'Seen by the harness: objects (production): how many of 2 things that it held are other or gone? 0',
  ]);
  expect(notBitten(claim('hung'), after()).join('\n')).toMatch(/stand still\? no\n.*content\? yes/);
});

test('a claim about what was not there before, and a fault that claims nothing, prove nothing', () => {
  expect(notBitten(claim('destroyed'), [], [])).toEqual(['Was there a postgres to strike? no']);
  const empty = before.map((was) => (was.service === 'postgres' ? dead('postgres', 0) : was));
  expect(notBitten(claim('destroyed'), after(dead('postgres', 0)), empty)).toEqual([
    'Seen by the harness: did postgres (production) run and give its content before? no',
  ]);
  expect(judgeFault(answersByFacts([], before, before)).verdict).toBe('inconclusive');
});
