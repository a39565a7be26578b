import { describe, expect, it } from 'vitest';
import type { Probe, ProbeSample, SustainedObservation } from '../domain/smoke.ts';
import { judgeSustained } from './sustained.ts';

const probe: Probe = {
  name: 'health',
  method: 'GET',
  path: '/health',
  expect: { status: [200] },
  limitMs: 2_000,
  requests: 5,
};
const answered = (latencyMs: number, part: Partial<ProbeSample> = {}): ProbeSample => ({
  latencyMs,
  status: 200,
  mismatches: [],
  ...part,
});
const observe = (samples: ProbeSample[], part: Partial<SustainedObservation> = {}): SustainedObservation => ({
  probe,
  requests: samples.length,
  perSecond: 100,
  samples,
  ...part,
});
/** A first request of 900 ms, then 100 of 1 to 100 ms. */
const steady = [answered(900), ...Array.from({ length: 100 }, (_, index) => answered(100 - index))];

describe('judgeSustained, smoke.sustained', () => {
  it('passes where every request is answered as expected and under the limit', () => {
    const { finding, lines } = judgeSustained([observe(steady)]);
    expect(finding).toEqual({
      check: 'smoke.sustained',
      verdict: 'pass',
      expected: 'every request of 101 at 100 a second to each probe answered as expected and under its limit',
      actual: '0 of 101 requests with a wrong answer or none, 0 at or over the limit, slowest 900 ms',
    });
    expect(lines).toEqual([
      {
        probe: 'health',
        requests: 101,
        perSecond: 100,
        errors: 0,
        firstMs: 900,
        p50Ms: 50,
        p95Ms: 95,
        p99Ms: 99,
        maxMs: 100,
        limitMs: 2_000,
        overLimitShare: 0,
        verdict: 'pass',
      },
    ]);
  });

  it('fails when the first request alone is over the limit, which the percentiles do not show', () => {
    const { finding, lines } = judgeSustained([observe([answered(2_600), ...steady.slice(1)])]);
    expect(finding.verdict).toBe('fail');
    expect(finding.evidence).toEqual(['health (GET /health): 1 of 101 at or over 2,000 ms, slowest 2,600 ms']);
    expect(lines[0]).toMatchObject({ firstMs: 2_600, p99Ms: 99, maxMs: 100, verdict: 'fail' });
    expect(lines[0]?.overLimitShare).toBeCloseTo(1 / 101);
  });

  it('fails when a share is over the limit; exactly the limit is over it, and so is a latency that is no number', () => {
    const { finding, lines } = judgeSustained([
      observe([answered(1), answered(1_999), answered(2_000), answered(NaN)]),
    ]);
    expect(finding.verdict).toBe('fail');
    expect(lines[0]).toMatchObject({ overLimitShare: 0.5, verdict: 'fail' });
  });

  it('fails on an answer that is not the expected one, and on none', () => {
    const wrong = answered(3, { status: 503, mismatches: ['status is 503 instead of 200'] });
    const gone: ProbeSample = { latencyMs: 5_000, error: 'reset', mismatches: ['no answer: reset'] };
    const { finding, lines } = judgeSustained([observe(steady), observe([answered(1), wrong, wrong, gone])]);
    expect(finding).toMatchObject({
      verdict: 'fail',
      actual: '3 of 105 requests with a wrong answer or none, 1 at or over the limit, slowest 900 ms',
      evidence: [
        'health (GET /health): 3 of 4: status is 503 instead of 200; no answer: reset',
        'health (GET /health): 1 of 4 at or over 2,000 ms, slowest 5,000 ms',
      ],
    });
    // What was not answered has no latency, but it is over the limit for who waits for it.
    expect(lines.map(({ errors, maxMs, verdict }) => [errors, maxMs, verdict])).toEqual([
      [0, 100, 'pass'],
      [3, 3, 'fail'],
    ]);
  });

  it('fails when fewer requests were sent than planned, and when there was nothing to judge', () => {
    const short = judgeSustained([observe([answered(1)], { requests: 200 })]);
    expect(short.finding).toMatchObject({
      verdict: 'fail',
      evidence: ['health (GET /health): 1 of 200 requests were sent'],
    });
    expect(short.lines[0]?.verdict).toBe('fail');
    expect(judgeSustained([]).finding).toMatchObject({ verdict: 'fail', actual: 'no request was sent' });
    expect(judgeSustained([observe([])]).lines[0]?.verdict).toBe('fail');
  });

  it('tells a few different reasons, however many requests went wrong', () => {
    const samples = Array.from({ length: 50 }, (_, index) => answered(1, { mismatches: [`reason ${index % 5}`] }));
    expect(judgeSustained([observe(samples)]).finding.evidence).toEqual([
      'health (GET /health): 50 of 50: reason 0; reason 1; reason 2; 2 other reasons',
    ]);
  });
});

describe('judgeSustained on a busy machine', () => {
  const held = (latencyMs: number, ownDelayMs: number, part: Partial<ProbeSample> = {}) =>
    answered(latencyMs, { ownDelayMs, ...part });

  it('is inconclusive where only the machine explains what is late', () => {
    const { finding, lines } = judgeSustained([observe([held(2_400, 800), ...steady])], 'load average 11.2');
    expect(finding).toMatchObject({ check: 'smoke.sustained', verdict: 'inconclusive' });
    expect(finding.evidence?.[0]).toContain('held up for 800 ms (load average 11.2)');
    expect(lines[0]).toMatchObject({ verdict: 'inconclusive', overLimitShare: 1 / 102 });
  });

  it('fails one late request that the machine does not explain, a wrong answer, and a request that was not sent', () => {
    expect(judgeSustained([observe([held(2_400, 100), ...steady])]).finding.verdict).toBe('fail');
    const wrong = answered(5, { ownDelayMs: 900, mismatches: ['status is 500 instead of 200'] });
    expect(judgeSustained([observe([held(2_400, 800), wrong, ...steady])]).finding.verdict).toBe('fail');
    const short = observe([held(2_400, 800), ...steady], { requests: 200 });
    expect(judgeSustained([short]).finding.verdict).toBe('fail');
  });

  it('is inconclusive where a server could not answer for something behind it, and is red where it never can', () => {
    const unavailable = (ownDelayMs: number) =>
      held(2_100, ownDelayMs, { status: 503, mismatches: ['status is 503 instead of 200'] });
    const { finding } = judgeSustained([observe([unavailable(800), ...steady])]);
    expect(finding.verdict).toBe('inconclusive');
    expect(finding.evidence?.[0]).toContain('held up for 800 ms');
    expect(judgeSustained([observe([unavailable(100), ...steady])]).finding.verdict).toBe('fail');
    expect(judgeSustained([observe(steady.map(() => unavailable(800)))]).finding.verdict).toBe('fail');
  });

  it('is inconclusive where the harness was held up for longer than the limit: it could tell nothing', () => {
    const slow = (ownDelayMs: number) =>
      Array.from({ length: 20 }, () => held(2_500, 60)).with(3, held(2_500, ownDelayMs));
    expect(judgeSustained([observe(slow(2_000))]).finding.verdict).toBe('inconclusive');
    expect(judgeSustained([observe(slow(1_900))]).finding.verdict).toBe('fail');
  });

  it('fails an endpoint that is slow whenever it is asked, on the busiest machine', () => {
    const slow = observe(Array.from({ length: 20 }, () => held(2_500, 60)));
    const { finding } = judgeSustained([
      slow,
      observe([held(100, 900), ...steady], { probe: { ...probe, name: 'b' } }),
    ]);
    expect(finding.verdict).toBe('fail');
  });
});
