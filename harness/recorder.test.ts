import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../domain/clock.ts';
import { DrillError } from '../domain/drill-error.ts';
import { notApplicable } from '../domain/finding.ts';
import type { DrillRecord } from '../domain/record.ts';
import { sampleRecord } from '../reports/sample-records.test-data.ts';
import { Recorder, type ReportsWritten } from './recorder.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'firedrill-recorder-test-'));
});
afterEach(() => rm(directory, { recursive: true }));

function recorder(changes: Partial<DrillRecord> = {}, reports: ReportsWritten = 'all'): Recorder {
  const { finishedAt: _, ...base } = sampleRecord('passing');
  const record: DrillRecord = { ...base, state: 'running', verdict: 'inconclusive', errors: [], ...changes };
  return new Recorder(record, { directory, clock: systemClock, print: () => {}, reports });
}

async function written(): Promise<DrillRecord> {
  return JSON.parse(await readFile(join(directory, 'drill.json'), 'utf8')) as DrillRecord;
}

test('while it runs the record says so, and is no pass', async () => {
  await recorder().save();
  expect(await written()).toMatchObject({ state: 'running', verdict: 'inconclusive' });
});

test('the record of a finished run has the merged verdict of findings and controls', async () => {
  const green = recorder();
  await green.finish('finished');
  expect(await written()).toMatchObject({ state: 'finished', verdict: 'pass' });

  const red = recorder();
  red.judge('verify', [{ check: 'integrity.rows', verdict: 'fail', expected: '1', actual: '0' }]);
  expect(red.timeline.events.at(-1)).toMatchObject({ kind: 'fail', phase: 'verify' });
  await red.finish('finished');
  expect((await written()).verdict).toBe('fail');
});

test('where no report is asked for the record and the timeline are written all the same, and nothing else', async () => {
  const asked = recorder({}, 'record');
  asked.timeline.add({ phase: 'verify', kind: 'info', message: 'seen' });
  await asked.save();
  expect(await written()).toMatchObject({ state: 'running', verdict: 'inconclusive' });
  await asked.finish('finished');
  expect(await written()).toMatchObject({ state: 'finished', verdict: 'pass' });
  expect((await readdir(directory)).toSorted()).toEqual(['drill.json', 'timeline.jsonl']);
});

test('a finding of a check that the catalogue does not have is refused', () => {
  const subject = recorder();
  const judge = () => subject.judge('verify', [{ check: 'x', verdict: 'pass', expected: '1', actual: '1' }]);
  expect(judge).toThrow('no check named `x`');
});

test('one control that was not caught fails the run', async () => {
  const subject = recorder();
  subject.record.controls = subject.record.controls.map((control, index) =>
    index === 0 ? { ...control, caught: false } : control,
  );
  await subject.finish('finished');
  expect((await written()).verdict).toBe('fail');
});

test.for([
  ['restore', 'restore-failed', 'fail'],
  ['start', 'service-start', 'inconclusive'],
  ['steady-state', 'no-steady-state', 'inconclusive'],
  ['fault', 'fault-did-not-bite', 'inconclusive'],
  ['fault', 'unsupported', 'inconclusive'],
  ['restore', 'interrupted', 'inconclusive'],
] as const)('an error in %s (%s) makes the run %s', ([phase, code, verdict]) => {
  const subject = recorder();
  subject.fail(phase, new DrillError({ code, what: 'it broke' }));
  expect(subject.verdict()).toBe(verdict);
});

describe('what did not come in time', () => {
  const late = new DrillError({ code: 'service-unreachable', what: 'postgres', actual: 'no answer within 5 s' });

  test('while the harness itself was held up says nothing, and why is told', () => {
    const subject = recorder();
    subject.fail('restore', late, 800);
    expect(subject.verdict()).toBe('inconclusive');
    expect(subject.record.errors[0]?.heldUp).toMatch(/^the harness itself was held up for 800 ms \(load average/);
  });

  test('on a machine that was not busy is a failure, and so is every other error', () => {
    const quiet = recorder();
    quiet.fail('restore', late, 400);
    expect(quiet.verdict()).toBe('fail');
    expect(quiet.record.errors[0]).not.toHaveProperty('heldUp');
    const busy = recorder();
    busy.fail('restore', new DrillError({ code: 'restore-failed', what: 'the dump is cut off' }), 5_000);
    expect(busy.verdict()).toBe('fail');
  });
});

test('an interrupted run is never a pass', async () => {
  await recorder().finish('interrupted');
  expect(await written()).toMatchObject({ state: 'interrupted', verdict: 'inconclusive' });
});

test('a finding that does not apply is recorded, is not on the timeline, and changes no verdict', async () => {
  const subject = recorder();
  const before = subject.timeline.events.length;
  subject.judge('verify', [notApplicable('integrity.triggers', 'the same triggers', 'the database has no trigger')]);
  expect(subject.timeline.events).toHaveLength(before);
  await subject.finish('finished');
  expect((await written()).verdict).toBe('pass');
  expect((await written()).findings.at(-1)).toMatchObject({ verdict: 'not-applicable' });
});
