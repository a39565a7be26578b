import { expect, test } from 'vitest';
import { metricsText } from './metrics.ts';
import { night } from './night.test-data.ts';

const at = (iso: string): number => Date.parse(iso) / 1000;
const valueOf = (text: string, sample: string): number | undefined => {
  const line = text.split('\n').find((one) => one.startsWith(`${sample} `));
  return line === undefined ? undefined : Number(line.slice(sample.length + 1));
};

test('a green run: success, duration, RTO and RPO with their objectives, verdict', () => {
  const text = metricsText('', night('pass'));
  expect(valueOf(text, 'firedrill_last_success_timestamp_seconds{drill="loss"}')).toBe(at('2026-11-21T02:00:24.5Z'));
  expect(valueOf(text, 'firedrill_last_run_timestamp_seconds{drill="loss"}')).toBe(at('2026-11-21T02:00:24.5Z'));
  expect(valueOf(text, 'firedrill_duration_seconds{drill="loss"}')).toBe(24.5);
  expect(valueOf(text, 'firedrill_rto_seconds{drill="loss"}')).toBe(5.1);
  expect(valueOf(text, 'firedrill_rto_objective_seconds{drill="loss"}')).toBe(7_200);
  expect(valueOf(text, 'firedrill_rpo_seconds{drill="loss",store="postgres"}')).toBe(3.2);
  expect(valueOf(text, 'firedrill_rpo_objective_seconds{drill="loss",store="postgres"}')).toBe(900);
  expect(valueOf(text, 'firedrill_verdict{drill="loss",verdict="pass"}')).toBe(1);
  expect(valueOf(text, 'firedrill_verdict{drill="loss",verdict="fail"}')).toBe(0);
  expect(valueOf(text, 'firedrill_nightly_last_success_timestamp_seconds')).toBe(at('2026-11-21T02:00:00Z'));
});

test('help and type once a metric, its samples together, a line end at the end', () => {
  const text = metricsText(metricsText('', night('pass')), night('fail', { drill: 'fire' }));
  const metrics = text
    .trimEnd()
    .split('\n')
    .map((line) => /^(?:# (?:HELP|TYPE) )?(\w+)/.exec(line)?.[1] ?? line);
  const changes = metrics.filter((metric, index) => metric !== metrics[index - 1]);
  expect(changes).toEqual([...new Set(metrics)]);
  expect(text.match(/^# TYPE \w+ gauge$/gm)).toHaveLength(changes.length);
  expect(text.endsWith('\n')).toBe(true);
});

test('a red run changes everything but the last success', () => {
  const before = metricsText('', night('pass'));
  const red = {
    ...night('fail', { startedAt: '2026-11-22T02:00:00.000Z', rto: undefined }),
    createdAt: '2026-11-22T02:00:00.000Z',
  };
  const text = metricsText(before, red);
  for (const kept of [
    'firedrill_last_success_timestamp_seconds{drill="loss"}',
    'firedrill_nightly_last_success_timestamp_seconds',
  ]) {
    expect(valueOf(text, kept)).toBe(valueOf(before, kept));
  }
  expect(valueOf(text, 'firedrill_last_run_timestamp_seconds{drill="loss"}')).toBe(at('2026-11-22T02:00:24.5Z'));
  expect(valueOf(text, 'firedrill_verdict{drill="loss",verdict="fail"}')).toBe(1);
  expect(valueOf(text, 'firedrill_rto_seconds{drill="loss"}')).toBeUndefined();
});

test('a sabotaged run is no success, whatever its verdict', () => {
  expect(metricsText('', night('pass', { sabotage: 'x' }))).not.toContain('success');
});

test('a drill that was never green has no last success', () => {
  expect(metricsText('', night('inconclusive'))).not.toContain('success');
});

test('a drill without a record is red', () => {
  const text = metricsText(
    '',
    night('fail', {
      missing: 'left no record',
      startedAt: undefined,
      durationMs: undefined,
      rto: undefined,
      rpo: undefined,
    }),
  );
  expect(valueOf(text, 'firedrill_verdict{drill="loss",verdict="fail"}')).toBe(1);
  expect(text).not.toContain('NaN');
});

test('drills that were not run stay as they were', () => {
  const before = metricsText('', night('pass', { drill: 'fire "1"\\' }));
  const both = metricsText(before, night('pass'));
  for (const line of before.split('\n').filter((one) => one.includes('fire'))) expect(both).toContain(line);
  const sameAgain = metricsText(both, night('pass'));
  expect(sameAgain).toBe(both);
});

test('two runs of a drill in one night: the later one counts', () => {
  const one = night('pass');
  const later = night('fail', { startedAt: '2026-11-21T03:00:00.000Z' });
  const text = metricsText('', { ...one, verdict: 'fail', rows: [...later.rows, ...one.rows] });
  expect(valueOf(text, 'firedrill_verdict{drill="loss",verdict="fail"}')).toBe(1);
});

test.for(['node_load1 0.5', 'firedrill_verdict', 'firedrill_verdict{drill="x"} many', '<html>'])(
  '`%s` is not ours',
  (line) => {
    expect(() => metricsText(`# a comment\n${line}\n`, night('pass'))).toThrow(/not from here.*line 2/);
  },
);
