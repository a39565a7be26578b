import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../domain/clock.ts';
import { notApplicable, type Finding } from '../domain/finding.ts';
import type { DrillRecord } from '../domain/record.ts';
import { sampleRecord } from '../reports/sample-records.test-data.ts';
import { Recorder } from './recorder.ts';
import { runStep, type SharedContext, type StepOutcome } from './step-runner.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'firedrill-step-runner-test-'));
});
afterEach(() => rm(directory, { recursive: true }));

/** As much of a run as a step looks at. */
function runWith(record: DrillRecord, signal = new AbortController().signal) {
  const recorder = new Recorder(record, { directory, clock: systemClock, print: () => {} });
  const shared = { recorder, record, signal, clock: systemClock, state: {} } as unknown as SharedContext;
  return { recorder, shared };
}

/** A step that judges these findings and does nothing else. */
async function stepThatJudges(...findings: Finding[]): Promise<StepOutcome> {
  const record = sampleRecord('passing');
  const { shared } = runWith(record);
  const step = {
    name: 'look',
    title: 'Look',
    phase: 'verify' as const,
    execute: async ({ judge }: { judge: (findings: Finding[]) => void }) => judge(findings),
  };
  return runStep(shared, { title: 'Look', step }, { onPhase: () => {} });
}

const green: Finding = { check: 'smoke.auth', verdict: 'pass', expected: '1', actual: '1' };

test('what does not apply never makes a step red', async () => {
  expect(await stepThatJudges(green, notApplicable('smoke.status', 'the same', 'there is none'))).toEqual({
    kind: 'ok',
  });
});

test.for(['fail', 'inconclusive'] as const)(
  'one finding that is %s does, beside one that does not apply',
  async (verdict) => {
    const outcome = await stepThatJudges(
      { ...green, verdict },
      notApplicable('smoke.status', 'the same', 'there is none'),
    );
    expect(outcome).toMatchObject({ kind: 'failed' });
  },
);

test('a step that is interrupted judges nothing: its questions were cut off; the clean-up still does', async () => {
  for (const always of [false, true]) {
    const record = sampleRecord('passing');
    const interruption = new AbortController();
    const { shared } = runWith(record, interruption.signal);
    const before = record.findings.length;
    const step = {
      name: 'look',
      title: 'Look',
      phase: 'verify' as const,
      execute: async ({ judge }: { judge: (findings: Finding[]) => void }) => {
        interruption.abort();
        judge([{ ...green, verdict: 'fail' }]);
      },
    };
    const outcome = await runStep(shared, { title: 'Look', step, always }, { onPhase: () => {} });
    expect(record.findings.length - before).toBe(always ? 1 : 0);
    expect(outcome).toMatchObject({
      kind: 'failed',
      error: { facts: { code: always ? 'finding-failed' : 'interrupted' } },
    });
  }
});

test('an error in a step is kept in the record, makes the step red, and says what is blocked by it', async () => {
  const record = { ...sampleRecord('passing'), errors: [] };
  const { recorder, shared } = runWith(record);
  const execute = async () => {
    throw new Error('the server went away');
  };
  const step = { name: 'look', title: 'Look', phase: 'verify' as const, execute };
  const outcome = await runStep(shared, { title: 'Look', step }, { onPhase: () => {} });
  expect(outcome).toMatchObject({ kind: 'failed', blocks: '“Look” failed before it' });
  expect(record.errors).toEqual([{ phase: 'verify', code: 'internal', message: 'the server went away' }]);
  expect(recorder.verdict()).toBe('fail');
});
