import { beforeEach, describe, expect, test, vi } from 'vitest';
import { runProbe } from '../../smoke/run-probe.ts';
import type { DrillContext } from '../context.ts';
import { factsOf, factsOfServing } from '../service-facts.ts';
import { contextOf, verdictsOf, type Course } from './places-of-call.test-data.ts';
import { operationsResume } from './recovered.ts';
import { strike } from './strike.ts';

vi.mock('../service-facts.ts', () => ({
  factsOf: vi.fn(),
  factsOfServing: vi.fn(),
  watchedStores: () => [],
  servicesToWatch: async () => [],
}));
vi.mock('../../smoke/run-probe.ts', () => ({ runProbe: vi.fn() }));

let course: Course = { judged: [], order: [] };
beforeEach(() => {
  course = { judged: [], order: [] };
});
const context = (parts: Record<string, unknown>): DrillContext => contextOf(course, parts);
const verdicts = (): Record<string, string> => verdictsOf(course);

describe('the fault', () => {
  const facts = (entries: number, processes: string[]) => [
    {
      service: 'postgres' as const,
      role: 'production',
      processes,
      accepts: processes.length > 0,
      halted: false,
      data: { place: '/data', entries },
      ...(processes.length > 0 && { content: { items: { t: 'd' } } }),
    },
  ];
  const play = async (entriesLeft: number): Promise<void> => {
    vi.mocked(runProbe).mockResolvedValue({
      samples: [{ latencyMs: 1, error: 'refused', mismatches: ['x'] }],
    } as never);
    vi.mocked(factsOfServing).mockResolvedValue(facts(20, ['1']));
    vi.mocked(factsOf).mockResolvedValue(facts(entriesLeft, []));
    const fault = {
      name: 'a-fault',
      title: 'A fault',
      claims: [{ target: { service: 'postgres' }, effect: 'destroyed' }],
      inject: async () => {},
      // It says of itself that it bit, whatever it did.
      observe: async () => [{ question: 'Is it gone?', expected: 'yes', actual: 'yes', bitten: true }],
      lift: async () => {},
    };
    const probe = { name: 'p', method: 'GET', path: '/' };
    const given = context({
      fault,
      system: {},
      scenario: {},
      runbook: { smoke: { detectBy: 'p', probes: [probe] } },
      recorder: { phases: { enter: () => course.order.push('the clock is started') } },
      state: { stack: {} },
    });
    await strike.execute(given);
  };

  test('that did what it says is believed once the harness has seen it', async () => {
    await play(0);
    expect(verdicts()).toEqual({ 'fault.bites': 'pass' });
    expect(course.order).toEqual(['judged', 'the clock is started']);
  });

  test('that leaves the data and says that it is gone is not believed', async () => {
    await expect(play(20)).rejects.toThrow('the fault did not bite');
    expect(verdicts()).toEqual({ 'fault.bites': 'inconclusive' });
  });
});

describe('operations resume', () => {
  const play = async (survivors: number[], processes: string[]): Promise<Record<string, string>> => {
    const facts = (names: string[], place: string) => [
      { service: 'postgres', processes: names, data: { place, entries: 1 }, content: { items: {} } },
    ];
    vi.mocked(factsOfServing).mockResolvedValue(facts(processes, `/${processes[0]}`) as never);
    const written: number[] = [];
    const channel = {
      store: 'postgres',
      path: 'POST /x',
      write: async (number: number) => written.push(number),
      survivors: async () => [...survivors, ...(survivors.length > 0 ? written : [])],
    };
    await operationsResume.execute(
      context({
        fault: { claims: [{ target: { service: 'postgres' }, effect: 'destroyed' }] },
        system: { markerChannels: () => [channel] },
        state: {
          app: { startedMs: 1 },
          fault: { injectedMs: 1 },
          factsBefore: facts(['1'], '/1'),
        },
      }),
    );
    return verdicts();
  };

  test('where a write is in the store that serves now, and that is another one', async () => {
    expect(await play([1], ['2'])).toMatchObject({ 'resume.writes': 'pass', 'recovery.another-server': 'pass' });
  });

  test('an acknowledged write that is in another store, and the old server, are red', async () => {
    expect(await play([], ['2'])).toMatchObject({ 'resume.writes': 'fail', 'recovery.another-server': 'pass' });
    expect(await play([1], ['1'])).toMatchObject({ 'resume.writes': 'pass', 'recovery.another-server': 'fail' });
  });
});
