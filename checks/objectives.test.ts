import { describe, expect, it } from 'vitest';
import { judgeRto, judgeServiceTimes, type RtoObservation } from './objectives.ts';

const phases = { detect: 100, decide: 50, provision: 1_000, restore: 5_000, verify: 2_000, resume: 1_850 };
const good: RtoObservation = {
  phases,
  totalMs: 10_000,
  targetMs: 7_200_000,
  fromFaultMs: 10_400,
  restoreDurationMs: 4_900,
  steps: [{ title: 'Stop', actualMs: 3 }, { title: 'Call the provider' }],
};

const verdicts = (part: Partial<RtoObservation>) =>
  Object.fromEntries(judgeRto({ ...good, ...part }).findings.map(({ check, verdict }) => [check, verdict]));
const durationsEvidence = (part: Partial<RtoObservation>) => judgeRto({ ...good, ...part }).findings[1]?.evidence;

describe('judgeRto', () => {
  it('passes a recovery within its target and records its parts', () => {
    const { findings, rto } = judgeRto(good);
    expect(findings.map(({ check, verdict }) => [check, verdict])).toEqual([
      ['objectives.rto', 'pass'],
      ['objectives.durations', 'pass'],
    ]);
    expect(findings[1]?.actual).toBe('10 durations, all above zero');
    expect(rto).toEqual({
      totalMs: 10_000,
      targetMs: 7_200_000,
      phases,
      fromFaultMs: 10_400,
      restoreDurationMs: 4_900,
      verdict: 'pass',
    });
  });

  it('passes at the target and fails above it, naming the phases', () => {
    expect(verdicts({ targetMs: 10_000 })['objectives.rto']).toBe('pass');
    const { findings, rto } = judgeRto({ ...good, targetMs: 9_999 });
    expect(findings[0]).toMatchObject({ verdict: 'fail', actual: '10s' });
    expect(findings[0]?.evidence).toContain('restore: 5s');
    expect(rto.verdict).toBe('fail');
  });

  it.each([
    ['a phase of zero', { phases: { ...phases, decide: 0 }, totalMs: 9_950 }, ['decide: 0 ms']],
    ['a negative phase', { phases: { ...phases, decide: -50 }, totalMs: 9_900 }, ['decide: -50 ms']],
    ['a restore of zero', { restoreDurationMs: 0 }, ['restore of the data: 0 ms']],
    ['a step of zero', { steps: [{ title: 'Stop', actualMs: 0 }] }, ['Stop: 0 ms']],
    [
      'a missing phase',
      { phases: { detect: 4_000, restore: 6_000 } },
      ['decide: not measured', 'provision: not measured', 'verify: not measured', 'resume: not measured'],
    ],
    ['phases that do not add up', { totalMs: 9_000 }, ['the phases add up to 10000 ms, the total is 9000 ms']],
    [
      'a fault after the detection',
      { fromFaultMs: 9_000 },
      ['9000 ms from the fault is less than the 10000 ms of the recovery within it'],
    ],
  ] satisfies [string, Partial<RtoObservation>, string[]][])('fails %s', (_name, part, evidence) => {
    expect(verdicts(part)).toEqual({ 'objectives.rto': 'pass', 'objectives.durations': 'fail' });
    expect(durationsEvidence(part)).toEqual(evidence);
    expect(judgeRto({ ...good, ...part }).rto.verdict).toBe('fail');
  });

  it('fails a recovery that took no time, and one whose time is not a number', () => {
    expect(verdicts({ totalMs: 0 })).toEqual({ 'objectives.rto': 'fail', 'objectives.durations': 'fail' });
    expect(verdicts({ totalMs: Number.NaN })['objectives.rto']).toBe('fail');
    expect(verdicts({ phases: { ...phases, detect: Number.NaN } })['objectives.durations']).toBe('fail');
  });

  it('does not ask for phases that the scenario has no step of', () => {
    const { provision: _none, ...rest } = phases;
    const part = { phases: rest, totalMs: 9_000 };
    expect(verdicts(part)['objectives.durations']).toBe('fail');
    expect(verdicts({ ...part, required: ['detect', 'restore', 'verify', 'resume'] })['objectives.durations']).toBe(
      'pass',
    );
  });
});

it('objectives.rto of a service is red when it was back too late, and when no time was measured', () => {
  const time = { service: 'search', title: 'Search', totalMs: 900, targetMs: 1_000 };
  const judged = judgeServiceTimes([time, { ...time, totalMs: 1_001 }, { ...time, totalMs: 0 }]);
  expect(judged.findings.map(({ check, verdict }) => `${check} ${verdict}`)).toEqual([
    'objectives.rto.search pass',
    'objectives.rto.search fail',
    'objectives.rto.search fail',
  ]);
  expect(judged.lines.map(({ verdict }) => verdict)).toEqual(['pass', 'fail', 'fail']);
});

it('objectives.rto: over the target while the harness itself was held up for more than a quarter of it is inconclusive', () => {
  const judged = (ownDelayMs: number) =>
    judgeRto({ ...good, targetMs: 9_999, ownDelayMs }).findings.find(({ check }) => check === 'objectives.rto')
      ?.verdict;
  expect(judged(2_499)).toBe('fail');
  expect(judged(2_500)).toBe('inconclusive');
});
