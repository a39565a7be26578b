import { describe, expect, it } from 'vitest';
import type { Probe, ProbeObservation, ProbeSample } from '../domain/smoke.ts';
import { judgeSmoke, smokeChecks, smokeRecord } from './smoke.ts';
import { nearestRank } from './smoke-record.ts';

const base: Probe = {
  name: 'health',
  method: 'GET',
  path: '/health',
  expect: { status: [200], json: { ok: true } },
  limitMs: 2_000,
  requests: 2,
};
const signProbe: Probe = { ...base, name: 'sign', path: '/sign', expect: { status: [401, 403] }, security: true };

const sample = (part: Partial<ProbeSample> = {}): ProbeSample => ({
  latencyMs: 12,
  status: 200,
  mismatches: [],
  ...part,
});
const noAnswer = (latencyMs: number): ProbeSample => ({
  latencyMs,
  error: 'refused',
  mismatches: ['no answer: refused'],
});
const observe = (probe: Probe, ...samples: ProbeSample[]): ProbeObservation => ({ probe, samples });
const refused = observe(signProbe, sample({ status: 401 }), sample({ status: 403 }));
const healthy = observe(base, sample(), sample({ latencyMs: 1_999 }));

/** The verdicts that are not `pass`. */
function notPassed(...observations: ProbeObservation[]): Record<string, string> {
  const findings = judgeSmoke(observations);
  expect(findings.map(({ check }) => check)).toEqual([...smokeChecks]);
  return Object.fromEntries(
    findings.filter(({ verdict }) => verdict !== 'pass').map((one) => [one.check, one.verdict]),
  );
}

describe('judgeSmoke', () => {
  it('passes what is as expected', () => {
    expect(notPassed(healthy, refused)).toEqual({});
  });

  it('fails without probes, and without requests', () => {
    expect(notPassed()).toEqual({
      'smoke.status': 'fail',
      'smoke.latency': 'fail',
      'smoke.auth': 'fail',
      'smoke.shape': 'fail',
    });
    expect(notPassed(healthy, refused, observe(base))).toEqual({ 'smoke.status': 'fail' });
  });

  it('fails a wrong status, and does not judge its shape', () => {
    const wrong = observe(base, sample(), sample({ status: 404, mismatches: ['status is 404 instead of 200'] }));
    expect(notPassed(wrong, refused)).toEqual({ 'smoke.status': 'fail' });
    const [status] = judgeSmoke([wrong, refused]);
    expect(status).toMatchObject({
      actual: '1 of 4 requests with a wrong status or no answer',
      evidence: ['health (GET /health): status is 404 instead of 200'],
    });
  });

  it('fails 5xx even where it is expected', () => {
    const probe = { ...base, expect: { status: [200, 503] } };
    expect(notPassed(healthy, refused, observe(probe, sample({ status: 503 })))).toEqual({ 'smoke.status': 'fail' });
  });

  it('fails a request at its limit, whatever the others took', () => {
    const late = observe(base, sample({ latencyMs: 1 }), sample({ latencyMs: 2_000 }));
    expect(notPassed(late, refused)).toEqual({ 'smoke.latency': 'fail' });
    expect(judgeSmoke([late, refused])[1]?.evidence).toEqual(['health (GET /health): 2,000 ms against 2,000 ms']);
  });

  it('fails one late request of very many', () => {
    const many = Array.from({ length: 500 }, () => sample());
    expect(notPassed(observe(base, ...many, sample({ latencyMs: 2_000 })), refused)).toEqual({
      'smoke.latency': 'fail',
    });
  });

  it('fails a latency that is not a number', () => {
    expect(notPassed(observe(base, sample({ latencyMs: Number.NaN })), refused)).toEqual({ 'smoke.latency': 'fail' });
  });

  it('fails a request that was given up, by status and by latency', () => {
    expect(notPassed(observe(base, noAnswer(5_000)), healthy, refused)).toEqual({
      'smoke.status': 'fail',
      'smoke.latency': 'fail',
    });
  });

  it('does not take a refused connection for a fast answer', () => {
    expect(notPassed(observe(base, noAnswer(1)), observe(signProbe, noAnswer(1)))).toEqual({
      'smoke.status': 'fail',
      'smoke.latency': 'inconclusive',
      'smoke.auth': 'inconclusive',
      'smoke.shape': 'inconclusive',
    });
  });

  it('fails a security probe that is let in, under smoke.auth alone', () => {
    const letIn = observe(signProbe, sample({ status: 401 }), sample({ mismatches: ['status is 200 instead of 401'] }));
    expect(notPassed(healthy, letIn)).toEqual({ 'smoke.auth': 'fail' });
    expect(judgeSmoke([healthy, letIn])[2]?.actual).toBe(
      '1 of 2 requests answered otherwise, 1 of them let in, 0 not answered',
    );
  });

  it('fails a security probe that is answered otherwise than by refusal', () => {
    expect(notPassed(healthy, observe(signProbe, sample({ status: 404 })))).toEqual({ 'smoke.auth': 'fail' });
    expect(notPassed(healthy, observe({ ...signProbe, expect: { status: [403] } }, sample({ status: 401 })))).toEqual({
      'smoke.auth': 'fail',
    });
  });

  it('proves no authentication by a server that fails; without a security probe it does not apply', () => {
    expect(notPassed(healthy, observe(signProbe, sample({ status: 500 })))).toEqual({
      'smoke.status': 'fail',
      'smoke.auth': 'inconclusive',
    });
    expect(notPassed(healthy)).toEqual({ 'smoke.auth': 'not-applicable' });
  });

  it('fails another shape; where no probe expects one it does not apply, and where none was answered it is inconclusive', () => {
    const misshapen = observe(base, sample({ mismatches: ['JSON has no "ok"'] }));
    expect(notPassed(misshapen, refused)).toEqual({ 'smoke.shape': 'fail' });
    const shapeless = observe({ ...base, expect: { status: [200] } }, sample());
    expect(notPassed(shapeless, refused)).toEqual({ 'smoke.shape': 'not-applicable' });
    expect(notPassed(observe(base, noAnswer(1)), refused)).toMatchObject({ 'smoke.shape': 'inconclusive' });
  });
});

describe('judgeSmoke on a busy machine', () => {
  const heldUp = (latencyMs: number, ownDelayMs: number) => sample({ latencyMs, ownDelayMs });

  it('is inconclusive, with the figure, for a late request while the harness was held up above a quarter of the limit', () => {
    const late = observe(base, heldUp(2_300, 501));
    expect(notPassed(late, refused)).toEqual({ 'smoke.latency': 'inconclusive' });
    expect(judgeSmoke([late, refused], 'load average 11.2')[1]?.evidence?.[0]).toBe(
      'the harness itself was held up for 501 ms (load average 11.2): the machine was too busy to be judged by the clock',
    );
    expect(smokeRecord('recovered', late).verdict).toBe('inconclusive');
  });

  it('fails one at a quarter of the limit, and a slow endpoint however busy the machine was around it', () => {
    expect(notPassed(observe(base, heldUp(2_300, 500)), refused)).toEqual({ 'smoke.latency': 'fail' });
    const slow = observe(base, heldUp(2_500, 20), heldUp(2_500, 30));
    const other = observe({ ...base, name: 'other' }, heldUp(900, 800));
    expect(notPassed(slow, other, refused)).toEqual({ 'smoke.latency': 'fail' });
    expect(smokeRecord('recovered', slow).verdict).toBe('fail');
  });

  it('is inconclusive for a late request of a probe that answers in time otherwise, on a machine that is busy', () => {
    const now = observe(base, heldUp(2_300, 20), heldUp(400, 700));
    expect(notPassed(now, refused)).toEqual({ 'smoke.latency': 'inconclusive' });
  });

  it('keeps a wrong answer red', () => {
    const wrong = observe(base, sample({ latencyMs: 2_300, ownDelayMs: 900, mismatches: ['JSON has no "ok"'] }));
    expect(notPassed(wrong, refused)).toMatchObject({ 'smoke.shape': 'fail' });
    expect(smokeRecord('recovered', wrong).verdict).toBe('fail');
    const failing = observe(base, sample({ status: 500, ownDelayMs: 900 }));
    expect(notPassed(failing, refused)).toMatchObject({ 'smoke.status': 'fail' });
  });

  it('is inconclusive for a request that was given up meanwhile, and red for a refused one', () => {
    const gaveUp = observe(base, { ...noAnswer(5_000), gaveUp: true, ownDelayMs: 900 }, sample());
    expect(notPassed(gaveUp, refused)).toEqual({ 'smoke.status': 'inconclusive', 'smoke.latency': 'inconclusive' });
    const broken = observe(base, { ...noAnswer(3), ownDelayMs: 900 }, sample());
    expect(notPassed(broken, refused)).toEqual({ 'smoke.status': 'fail' });
  });
});

describe('judgeSmoke of a server that waited in vain itself, on a busy machine', () => {
  const unavailable = (ownDelayMs: number) => sample({ status: 503, latencyMs: 2_100, ownDelayMs });
  const late = { 'smoke.status': 'inconclusive', 'smoke.latency': 'inconclusive' };

  it('is inconclusive, with the figure, where the probe is answered otherwise', () => {
    const now = observe(base, unavailable(900), sample());
    expect(notPassed(now, refused)).toMatchObject(late);
    expect(judgeSmoke([now, refused])[0]?.evidence?.[0]).toContain('held up for 900 ms');
    expect(smokeRecord('recovered', now).verdict).toBe('inconclusive');
  });

  it('is red where it never answers, and on a machine that was not busy', () => {
    expect(notPassed(observe(base, unavailable(900), unavailable(900)), refused)).toMatchObject({
      'smoke.status': 'fail',
    });
    expect(notPassed(observe(base, unavailable(100), sample()), refused)).toMatchObject({ 'smoke.status': 'fail' });
    expect(smokeRecord('recovered', observe(base, unavailable(100), sample())).verdict).toBe('fail');
  });
});

describe('smokeRecord', () => {
  it('takes percentiles by nearest rank and holds the greatest latency against the limit', () => {
    const latencies = Array.from({ length: 20 }, (_, index) => sample({ latencyMs: 20 - index }));
    expect(smokeRecord('recovered', observe(base, ...latencies))).toEqual({
      target: 'recovered',
      probe: 'health',
      method: 'GET',
      path: '/health',
      expected: '200, JSON {"ok":true}',
      status: 200,
      requests: 20,
      latencyMs: 20,
      p50Ms: 10,
      p95Ms: 19,
      maxMs: 20,
      limitMs: 2_000,
      verdict: 'pass',
    });
  });

  it('gives values that were measured', () => {
    expect([0.01, 0.5, 0.95, 1].map((share) => nearestRank([1, 2, 10], share))).toEqual([1, 2, 10, 10]);
    expect(nearestRank([], 0.5)).toBe(0);
  });

  it.each([
    [
      'a wrong status',
      sample({ status: 500, mismatches: ['status is 500 instead of 200'] }),
      'status is 500 instead of 200',
    ],
    ['an expected 5xx', sample({ status: 500 }), 'status is 500'],
    ['a late answer', sample({ latencyMs: 2_500 }), '2,500 ms is not under 2,000 ms'],
    ['another shape', sample({ mismatches: ['JSON has no "ok"'] }), 'JSON has no "ok"'],
    ['no answer', noAnswer(1), 'no answer: refused'],
  ])('is red for %s and says why', (_name, wrong, reason) => {
    expect(smokeRecord('staging', observe(base, sample(), wrong))).toMatchObject({ verdict: 'fail', reason });
  });

  it('is red without a request, and has no status then', () => {
    const record = smokeRecord('staging', observe(base));
    expect(record).toMatchObject({ requests: 0, verdict: 'fail', reason: 'no request was sent' });
    expect(record).not.toHaveProperty('status');
  });
});
