import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runJson } from '../bin/run-json.ts';
import { summaryOf as endOf } from '../bin/summary.ts';
import { judgeOwed } from '../checks/owed.ts';
import type { DrillRecord } from '../domain/record.ts';
import { ctrfReport } from '../evidence/ctrf.ts';
import { lastGreenRun } from '../evidence/last-green.ts';
import { newRun, temporaryFolder } from '../evidence/ledger.test-data.ts';
import { assessmentResults } from '../evidence/oscal.ts';
import { beginEvidence, figuresOf } from '../evidence/run-evidence.ts';
import { testResultStatement } from '../evidence/statement.ts';
import { historyOf } from '../history/history-of.ts';
import { inputsOf as historyInputs } from '../history/history.test-data.ts';
import { metricsText } from '../notify/metrics.ts';
import { slackBody, webhookBody } from '../notify/messages.ts';
import { quarterOf } from '../quarterly/quarter-of.ts';
import { renderQuarterlyMarkdown } from '../quarterly/markdown.ts';
import { facts, figures, inputsOf, redFacts, run } from '../quarterly/quarter.test-data.ts';
import { renderHtml } from '../reports/html.ts';
import { renderMarkdown } from '../reports/markdown.ts';
import { parseRecord } from '../reports/parse-record.ts';
import { summaryOf as firstPageOf } from '../reports/summary.ts';
import { sampleRecord } from '../reports/sample-records.test-data.ts';
import { flakinessOf } from '../schedule/flakiness.ts';
import { planNightly } from '../schedule/plan.ts';
import { factOf } from '../schedule/read-records.ts';
import { drills, run as fact, runbook } from '../schedule/runs.test-data.ts';
import { nightlyMarkdown } from '../schedule/markdown.ts';
import { summarise } from '../schedule/summarise.ts';
import { rowOf } from '../schedule/summary-row.ts';

/*
 * A quick run is never evidence: each place that shows or counts runs, and what it makes of one that is green.
 */

const { retainUntil: _, ...whole } = sampleRecord('passing');
const record: DrillRecord = {
  ...whole,
  quick: { reason: 'one of each judge: nothing is known', leftOut: ['row-missing', 'index-missing'] },
};

const quick = { figures: figures({ quick: true }) };

test('drill.json keeps it, with what was left out', () => {
  expect(parseRecord(JSON.stringify(record), 'drill.json').quick).toEqual(record.quick);
});

test('the first page of the report says it, in Markdown and HTML, and section 13 what is still owed', async () => {
  const html = (await renderHtml(record)).replace(/<[^>]*>/g, '');
  for (const text of [renderMarkdown(record), html]) {
    expect(text).toContain('PASS (quick: no evidence)');
    expect(text).toContain('never evidence');
    expect(text).toContain('as before: a quick run counts for nothing');
    expect(text).toContain('Left out: quick');
    expect(text).toContain('index-missing');
    expect(text.indexOf('never evidence')).toBeLessThan(text.indexOf('Negative controls'));
  }
  expect(firstPageOf(record).headline).toMatch(/The run was quick: it is no evidence of that\.$/);
  expect(renderMarkdown(sampleRecord('passing'))).not.toMatch(/quick/i);
});

test('so do the end of the command, and its line of JSON', () => {
  expect(endOf(record, 'out')).toMatch(/^quick    no evidence: .*2 controls left out.*nothing is known$/m);
  expect(JSON.parse(runJson(record, 'out'))).toMatchObject({ quick: true, leftOut: record.quick?.leftOut });
  expect(JSON.parse(runJson(sampleRecord('passing'), 'out'))).not.toHaveProperty('quick');
});

test('what it left out is owed by name, and not red; what it did not leave out is missed as ever', () => {
  const owed = { checks: ['smoke.status'], controls: ['row-missing', 'slow-endpoint'] };
  const findings = [{ check: 'smoke.status', verdict: 'pass' as const, expected: '', actual: '' }];
  const judged = {
    owed,
    findings,
    controls: [],
    errors: [],
    quick: { reason: '', leftOut: ['row-missing', 'slow-endpoint'] },
  };
  expect(judgeOwed(judged)).toMatchObject([
    {
      verdict: 'pass',
      actual: 'all of them but what was left out, quick: control row-missing, control slow-endpoint',
    },
  ]);
  expect(judgeOwed({ ...judged, quick: { reason: '', leftOut: ['row-missing'] } })).toMatchObject([
    { verdict: 'inconclusive', actual: 'not judged: control slow-endpoint' },
  ]);
});

test('CTRF marks it, and its left-out controls are pending', () => {
  const { results } = ctrfReport(record);
  expect(results.environment.extra).toMatchObject({ quick: true, evidence: expect.stringContaining('no evidence') });
  const pending = results.tests.filter(({ rawStatus }) => rawStatus === 'left out: quick');
  expect(pending.map(({ name, status }) => [name, status])).toEqual([
    ['row-missing', 'pending'],
    ['index-missing', 'pending'],
  ]);
  expect(results.summary.tests).toBe(results.tests.length);
});

test('OSCAL marks it, and it satisfies no control', () => {
  const { metadata, results } = assessmentResults(record)['assessment-results'];
  expect(metadata.props).toContainEqual(expect.objectContaining({ name: 'quick', value: 'true' }));
  expect(results[0]?.title).toContain('no evidence');
  const states = (one: DrillRecord) =>
    assessmentResults(one)['assessment-results'].results[0]?.findings.map(({ target }) => target.status.state);
  expect(new Set(states(record))).toEqual(new Set(['not-satisfied']));
  expect(states(sampleRecord('passing'))).toContain('satisfied');
});

test('the signed statement on the result does not say that it passed', () => {
  const { directory, ...begun } = newRun('/x', 'one');
  const stated = (one: DrillRecord) =>
    testResultStatement({ number: 7, ...begun, folder: directory }, { verdict: 'pass', subject: [], record: one })
      .predicate;
  expect(stated(record).result).toBe('FAILED');
  expect(stated(record).configuration[0]?.annotations).toMatchObject({ quick: expect.stringContaining('no evidence') });
  expect(stated(sampleRecord('passing')).result).toBe('PASSED');
});

test('the ledger marks it, and the last whole green run is looked for past it', async () => {
  await using folder = await temporaryFolder();
  expect(await lastGreenRun(join(folder.path, 'ledger'), 'db-loss')).toBeUndefined();
  for (const [id, one] of [
    ['whole', sampleRecord('passing')],
    ['sabotaged', { ...sampleRecord('passing'), sabotage: 'row-missing' }],
    ['quick', record],
  ] as const) {
    const begun = newRun(folder.path, id);
    const evidence = await beginEvidence(join(folder.path, 'ledger'), begun, { say: () => {} });
    await mkdir(begun.directory, { recursive: true });
    await evidence.close(one);
  }
  expect((await lastGreenRun(join(folder.path, 'ledger'), 'db-loss'))?.run.runId).toBe('whole');
  expect(await lastGreenRun(join(folder.path, 'ledger'), 'search-loss')).toBeUndefined();
  expect(figuresOf(record).quick).toBe(true);
  expect(figuresOf(sampleRecord('passing'))).not.toHaveProperty('quick');
});

test('a quarter leaves it out: of plan, coverage, trends, controls, masking and flaky drills; its list of runs says why', () => {
  const report = quarterOf(inputsOf([run(1, '2026-01-05T02:00Z', quick)], { facts: { 1: facts() } }));
  expect(report.runs).toMatchObject([{ outcome: 'quick', why: expect.stringContaining('no evidence') }]);
  expect(report.plan.lines[0]?.runs).toEqual([]);
  expect(report.plan.lines[0]?.gaps.map(({ why }) => why).join()).toContain('run 1 was quick, which is no evidence');
  expect(report.controls).toMatchObject({ planned: 0, caught: 0, runs: 0 });
  expect(report.masking.lines).toEqual([]);
  expect([report.rto, report.rpo]).toEqual([[], []]);
  expect(report.coverage.flatMap(({ cells }) => cells).every(({ state }) => state === 'none')).toBe(true);
  expect(renderQuarterlyMarkdown(report)).toContain('quick (`--quick`)');
  const flaky = [run(1, '2026-01-05T02:00Z', { verdict: 'fail' }), run(2, '2026-01-06T02:00Z', quick)];
  expect(quarterOf(inputsOf(flaky, { facts: { 1: redFacts(), 2: facts() } })).flaky).toEqual([]);
  const really = [run(1, '2026-01-05T02:00Z', { verdict: 'fail' }), run(2, '2026-01-06T02:00Z')];
  expect(quarterOf(inputsOf(really, { facts: { 1: redFacts(), 2: facts() } })).flaky).toHaveLength(1);
});

test('the dashboard leaves it out of states, trends and what is due, and counts it apart', () => {
  const history = historyOf(historyInputs([run(1, '2026-03-05T02:00Z'), run(2, '2026-04-09T02:00Z', quick)]));
  const state = history.states.find(({ drill }) => drill === 'db-loss');
  expect([state?.last?.number, state?.lastGreen?.run]).toEqual([1, 1]);
  expect(history.months[0]).toMatchObject({ month: '2026-04', runs: 1, pass: 0, quick: 1 });
  expect(JSON.stringify(history)).toContain('last green on 2026-03-05');
});

test('a night is due all the same, and no drill is flaky by it', () => {
  const now = new Date('2026-11-30T02:00:00Z');
  const plan = planNightly({
    drills: drills.filter(({ name }) => name === 'loss'),
    runbooks: [runbook({ frequency: 'quarterly' })],
    records: [fact('2026-01-01T02:00:00Z'), fact('2026-11-29T02:00:00Z', { quick: true })],
    now,
    dueOnly: true,
  });
  expect(plan.entries.map(({ name }) => name)).toContain('loss');
  const red = fact('2026-11-28T02:00:00Z', { verdict: 'fail' });
  expect(flakinessOf([red, fact('2026-11-29T02:00:00Z', { quick: true })])).toEqual([]);
  expect(flakinessOf([red, fact('2026-11-29T02:00:00Z')])).toHaveLength(1);
  expect(factOf(record).quick).toBe(true);
});

test('in the summary of a night it is not green, and says why; no metric calls it a success', () => {
  const row = rowOf(record, 'here');
  expect(row).toMatchObject({ quick: true, verdict: 'inconclusive' });
  const plan = planNightly({
    drills,
    runbooks: [runbook({ frequency: 'quarterly' })],
    records: [],
    now: new Date('2026-11-30T02:00:00Z'),
  });
  const summary = summarise({ plan, rows: [row], runs: [], unreadable: [] });
  expect(nightlyMarkdown(summary)).toContain('no evidence');
  expect(slackBody(summary, undefined)).toContain('no evidence');
  expect(webhookBody(summary, undefined)).toContain('"quick":true');
  expect(metricsText('', summary)).not.toContain('last_success_timestamp_seconds{');
});
