import { describe, expect, test } from 'vitest';
import type { LoadSample } from '../domain/availability.ts';
import { judgeBaseline, judgeRestored, judgeSwitch, judgeWrites, type SwitchObservation } from './availability.ts';
import { bucketsOf, longestOutageMs } from './availability-buckets.ts';
import { servicesBackMs } from './availability-services.ts';

/** Two requests a second from 0 to 60 s; those sent from 10 s on fail for as long as told. */
function load(failForMs: number, status?: number): LoadSample[] {
  return Array.from({ length: 120 }, (_, index): LoadSample => {
    const atMs = index * 500;
    const fails = atMs >= 10_000 && atMs < 10_000 + failForMs;
    return {
      atMs,
      latencyMs: 10,
      probe: 'page',
      servedBy: 'b',
      ...(!fails && { status: 200 }),
      ...(fails && { failure: 'it failed', ...(status !== undefined && { status }) }),
    };
  });
}

const seen: SwitchObservation = {
  fault: 'a is killed',
  server: 'a',
  faultAtMs: 9_900,
  samples: load(2_000, 502),
  watchedUntilMs: 20_000,
  quietMs: 3_000,
  budgetMs: 5_000,
  inRotation: ['b'],
  bucketMs: 1_000,
  outageLimitMs: 5_000,
  errorShareLimit: 0.05,
};

const verdicts = (observation: Partial<SwitchObservation>): string[] =>
  judgeSwitch({ ...seen, ...observation }).findings.map(({ check, verdict }) => `${check} ${verdict}`);

describe('a switch', () => {
  test('passes when errors were seen, ended within the budget, and the failed server is out', () => {
    const { findings, record } = judgeSwitch(seen);
    expect(findings.map(({ verdict }) => verdict)).toEqual(['pass', 'pass', 'pass']);
    expect(record).toMatchObject({
      failedOverAfterMs: 1_610,
      requests: 21,
      failed: 4,
      failures: { '502': 4 },
      outageMs: 2_000,
      verdict: 'pass',
    });
  });

  test('a request that was under way when the fault struck counts', () => {
    const early: LoadSample = { atMs: 9_850, latencyMs: 900, probe: 'page', status: 504, failure: 'it failed' };
    const { record } = judgeSwitch({ ...seen, samples: [early, ...load(0)] });
    expect(record).toMatchObject({ failed: 1, failures: { '504': 1 }, failedOverAfterMs: 850 });
  });

  test('availability.symptoms is inconclusive without an error of a gateway', () => {
    expect(verdicts({ samples: load(0) })[0]).toBe('availability.symptoms inconclusive');
    expect(verdicts({ samples: load(2_000, 500) })[0]).toBe('availability.symptoms inconclusive');
    expect(verdicts({ samples: load(2_000) })[0]).toBe('availability.symptoms inconclusive');
    expect(verdicts({ samples: [] })[0]).toBe('availability.symptoms inconclusive');
  });

  test('availability.failover is red while requests fail, and when they failed for longer than the budget', () => {
    expect(verdicts({ samples: load(60_000, 502) })[1]).toBe('availability.failover fail');
    expect(judgeSwitch({ ...seen, samples: load(60_000, 502) }).record.failedOverAfterMs).toBeUndefined();
    // Free of failures, but not for long enough to be believed.
    expect(verdicts({ watchedUntilMs: 13_000 })[1]).toBe('availability.failover fail');
    expect(verdicts({ budgetMs: 1_000 })[1]).toBe('availability.failover fail');
    expect(verdicts({ samples: load(0).filter(({ atMs }) => atMs < 9_000) })[1]).toBe('availability.failover fail');
  });

  test('availability.failover is red while the failed server is in rotation, and when no other one is', () => {
    expect(verdicts({ inRotation: ['a', 'b'] })[1]).toBe('availability.failover fail');
    expect(verdicts({ inRotation: [] })[1]).toBe('availability.failover fail');
  });

  test('availability.outage is red when too many requests failed for too long', () => {
    expect(verdicts({ outageLimitMs: 1_999 })[2]).toBe('availability.outage fail');
    expect(verdicts({ outageLimitMs: 1_999, errorShareLimit: 1 })[2]).toBe('availability.outage pass');
  });

  test('availability.outage: no request at all is no outage of 0 ms', () => {
    expect(verdicts({ samples: [] })[2]).toBe('availability.outage inconclusive');
  });
});

describe('availability.baseline', () => {
  const samples = load(0);
  test('passes when nothing fails and every server answers', () => {
    const both = samples.map((sample, index) => ({ ...sample, servedBy: index % 2 === 0 ? 'a' : 'b' }));
    expect(judgeBaseline({ samples: both, servers: ['a', 'b'] }).verdict).toBe('pass');
  });
  test('is red when a server answers nothing, when there is only one, and when a request fails', () => {
    expect(judgeBaseline({ samples, servers: ['a', 'b'] }).verdict).toBe('fail');
    expect(judgeBaseline({ samples, servers: ['b'] }).verdict).toBe('fail');
    expect(judgeBaseline({ samples: [], servers: [] }).verdict).toBe('fail');
    expect(judgeBaseline({ samples: load(500), servers: ['b', 'b'] })).toMatchObject({
      verdict: 'fail',
      evidence: ['page: it failed'],
    });
  });
});

describe('availability.restored', () => {
  test('passes when the server answers and is in rotation', () => {
    expect(judgeRestored({ server: 'a', answers: { a: 2, b: 3 }, inRotation: ['a', 'b'] }).verdict).toBe('pass');
  });
  test('is red when it answers nothing, or is out of rotation', () => {
    expect(judgeRestored({ server: 'a', answers: { b: 3 }, inRotation: ['a', 'b'] }).verdict).toBe('fail');
    expect(judgeRestored({ server: 'a', answers: { a: 1 }, inRotation: ['b'] }).verdict).toBe('fail');
    expect(judgeRestored({ server: 'a', answers: {}, inRotation: [] }).verdict).toBe('fail');
  });
});

describe('availability.writes', () => {
  const acks = [1, 2, 3].map((sequence) => ({
    store: 'postgres' as const,
    sequence,
    acknowledgedAt: new Date(sequence * 1_000).toISOString(),
  }));
  const faultAt = [new Date(2_500), new Date(9_000)];

  test('passes when each acknowledged write is there', () => {
    expect(judgeWrites(acks, [1, 2, 3, 4], faultAt).verdict).toBe('pass');
  });
  test('is red when one is gone, the newest too', () => {
    expect(judgeWrites(acks, [1, 3], faultAt)).toMatchObject({
      verdict: 'fail',
      evidence: ['write 2 was acknowledged and is gone'],
    });
    expect(judgeWrites(acks, [1, 2], faultAt).verdict).toBe('fail');
    expect(judgeWrites(acks, [], [new Date(9_000)]).verdict).toBe('fail');
  });
  test('is inconclusive when nothing was acknowledged since the fault, or at all', () => {
    expect(judgeWrites(acks, [1, 2, 3], [new Date(9_000)]).verdict).toBe('inconclusive');
    expect(judgeWrites([], [], faultAt).verdict).toBe('inconclusive');
  });
});

describe('the buckets', () => {
  test('hold every request once, without gaps, with latencies that were measured', () => {
    const at = (atMs: number, latencyMs: number, failure?: string): LoadSample => ({
      atMs,
      latencyMs,
      probe: 'page',
      ...(failure !== undefined && { failure }),
    });
    expect(bucketsOf([at(100, 5), at(2_100, 7, 'x'), at(200, 9)], 1_000)).toEqual([
      { atMs: 0, requests: 2, failed: 0, p50Ms: 5, p95Ms: 9 },
      { atMs: 1_000, requests: 0, failed: 0 },
      { atMs: 2_000, requests: 1, failed: 1, p50Ms: 7, p95Ms: 7 },
    ]);
    expect(bucketsOf([], 1_000)).toEqual([]);
  });
  test('an outage is the longest stretch over the limit', () => {
    const buckets = [1, 1, 0, 1, 1, 1, 0].map((failed, index) => ({ atMs: index, requests: 10, failed }));
    expect(longestOutageMs(buckets, 1_000, 0.05)).toBe(3_000);
    expect(longestOutageMs(buckets, 1_000, 0.1)).toBe(0);
    expect(longestOutageMs([], 1_000, 0.05)).toBe(0);
  });
});

describe('when services are back', () => {
  const at = (probe: string, atMs: number, failure?: string): LoadSample => ({
    atMs,
    latencyMs: 10,
    probe,
    ...(failure !== undefined && { failure }),
  });
  const probes = { page: 'site', list: 'site', write: 'database' };
  const back = (samples: LoadSample[]) =>
    servicesBackMs({ samples, probes, faultAtMs: 100, detectedAtMs: 200, untilMs: 1_000 });

  test('counts from the detection to the first good answer after the last bad one, of the slowest probe', () => {
    const samples = [
      at('page', 150),
      at('page', 300),
      at('list', 250),
      at('list', 400, 'x'),
      at('list', 600),
      at('write', 120, 'x'),
      at('write', 250),
    ];
    expect(back(samples)).toEqual({ site: 410, database: 60 });
  });
  test('a service is not back while a probe of it fails, or was not sent', () => {
    expect(back([at('page', 300), at('list', 300, 'x'), at('write', 300)])).toEqual({ site: undefined, database: 110 });
    expect(back([at('page', 300), at('list', 2_000), at('write', 150)])).toEqual({
      site: undefined,
      database: undefined,
    });
  });
});

describe('a switch on a machine that holds the harness itself up', () => {
  test('is inconclusive where it was too long, by a quarter of each limit', () => {
    expect(verdicts({ budgetMs: 1_000, ownDelayMs: 251 })[1]).toBe('availability.failover inconclusive');
    expect(verdicts({ budgetMs: 1_000, ownDelayMs: 250 })[1]).toBe('availability.failover fail');
    expect(verdicts({ outageLimitMs: 1_999, ownDelayMs: 500 })[2]).toBe('availability.outage inconclusive');
    expect(verdicts({ outageLimitMs: 1_999, ownDelayMs: 400 })[2]).toBe('availability.outage fail');
  });

  test('a failed server that is still in rotation stays red', () => {
    expect(verdicts({ inRotation: ['a', 'b'], ownDelayMs: 9_000 })[1]).toBe('availability.failover fail');
  });
});
