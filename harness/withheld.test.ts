import { expect, test } from 'vitest';
import type { Finding } from '../domain/finding.ts';
import type { DrillStep } from './definition.ts';
import { whyWithheld } from './withheld.ts';

const step = (name: string): DrillStep => ({ name, title: name, phase: 'hand-over', execute: async () => {} });
const [copy, verify] = [step('copy'), step('verify')];
const green: Finding = { check: 'a', verdict: 'pass', expected: '1', actual: '1' };

test('a copy is handed over while everything is green', () => {
  expect(whyWithheld({ handOver: [copy] }, { findings: [green] }, { step: copy })).toBeUndefined();
});

test.for(['fail', 'inconclusive'] as const)(
  'once something is %s nothing is handed over, and the rest goes on',
  (verdict) => {
    const findings = [green, { ...green, check: 'integrity.rows', verdict }];
    const why = 'nothing is handed over: integrity.rows is red';
    expect(whyWithheld({ handOver: [copy] }, { findings }, { step: copy })).toBe(why);
    expect(whyWithheld({ handOver: [copy] }, { findings }, { step: verify })).toBeUndefined();
    expect(whyWithheld({ handOver: [copy] }, { findings }, {})).toBeUndefined();
  },
);

test.for(['smoke.latency', 'smoke.sustained'])('a red %s does not hide what does not depend on it', (check) => {
  const findings = [green, { ...green, check, verdict: 'fail' as const }];
  expect(whyWithheld({ handOver: [copy] }, { findings }, { step: copy })).toBeUndefined();
});

test('what does not apply withholds nothing', () => {
  const findings = [green, { ...green, check: 'integrity.triggers', verdict: 'not-applicable' as const }];
  expect(whyWithheld({ handOver: [copy] }, { findings }, { step: copy })).toBeUndefined();
});
