import { describe, expect, test } from 'vitest';
import type { Finding } from '../domain/finding.ts';
import { judgeSequences } from './integrity-sequences.ts';
import { judges } from './odd-numbers.test-data.ts';

/** Every number in an observation, by its path, and the observation with another value in its place. */
function numbersOf(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value === 'number') return [[...path]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => numbersOf(inner, [...path, key]));
}
function withValue(value: unknown, [key, ...rest]: readonly string[], put: unknown): unknown {
  if (key === undefined) return put;
  const changed = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<
    string,
    unknown
  >;
  changed[key] = withValue(changed[key], rest, put);
  return changed;
}
function listsOf(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.entries(value).flatMap(([key, one]) => listsOf(one, [...path, key]));
  return Array.isArray(value) ? [[...path], ...inner] : inner;
}

describe.each(Object.entries(judges))('%s', (_name, { judge, good, told = [] }) => {
  const ask = (observation: unknown): Finding[] => [judge(observation as never)].flat();
  const isTold = (path: readonly string[]): boolean =>
    told.includes(path.join('.')) || told.includes(path.at(-1) ?? '');
  const isRed = (findings: readonly Finding[]): boolean =>
    findings.some(({ verdict }) => verdict === 'fail' || verdict === 'inconclusive');

  test('passes what is good', () => {
    expect(isRed(ask(good))).toBe(false);
  });

  test('gives findings for numbers of any kind, and passes none that is no number', () => {
    for (const path of numbersOf(good)) {
      for (const odd of [Number.NaN, Infinity, -Infinity, -1, 0, 1e300, null, undefined]) {
        const findings = ask(withValue(good, path, odd));
        expect(findings.length, `${path.join('.')}: ${odd}`).toBeGreaterThan(0);
        if (Number.isNaN(odd) && !isTold(path)) expect(isRed(findings), `${path.join('.')}: ${odd} passes`).toBe(true);
      }
    }
  });

  test('throws nowhere where nothing was observed', () => {
    for (const path of listsOf(good)) expect(() => ask(withValue(good, path, []))).not.toThrow();
  });
});

test.for<[keyof typeof judges, object]>([
  ['judgeResumption', { heartbeat: { ageMs: -1, sinceMs: 500 } }],
  ['judgeSmoke', { samples: [{ latencyMs: -1, status: 200, mismatches: [] }] }],
  [
    'judgeComparison',
    { ways: [1, Infinity].map((durationMs) => ({ name: 'a', durationMs, verdict: 'pass', detail: '' })) },
  ],
])('%s passes no time that cannot be: %j', ([name, odd]) => {
  const { judge, good } = judges[name]!;
  const findings = [judge({ ...good, ...odd } as never)].flat();
  expect(findings.map(({ verdict }) => verdict)).toContain('fail');
});

test('a sequence whose next value is none, or no number, is told and not thrown at', () => {
  const state = { name: 's', column: 't.id', next: '5', columnMax: '4', descending: false } as never as Parameters<
    typeof judgeSequences
  >[0][number];
  expect(judgeSequences([state], [state]).verdict).toBe('pass');
  for (const odd of ['NaN', 'Infinity', '', '1.5', undefined, null]) {
    expect(judgeSequences([state], [{ ...state, next: odd as never }]), `${odd}`).toMatchObject({ verdict: 'fail' });
    expect(judgeSequences([{ ...state, next: odd as never }], [state]), `${odd}`).toMatchObject({ verdict: 'fail' });
  }
});
