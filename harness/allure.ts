import { AssertionError } from 'node:assert';
import { attachment, epic, feature, logStep, parameter, severity, Status } from 'allure-js-commons';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DrillError } from '../domain/drill-error.ts';
import type { Finding } from '../domain/finding.ts';
import type { DrillRecord } from '../domain/record.ts';
import type { TimelineEvent } from '../domain/timeline.ts';
import type { Verdict } from '../domain/verdict.ts';
import type { DrillSeverity } from './severity.ts';
import type { RunStep } from './step-runner.ts';

/** How far a record had come. */
export interface RecordedSoFar {
  events: number;
  findings: number;
}

/** To be taken before a step. */
export function recordedSoFar({ timeline, findings }: DrillRecord): RecordedSoFar {
  return { events: timeline.length, findings: findings.length };
}

/** Says what a test of the suite is: its drill, how much hangs on it, and what it was run with. */
export async function labelTest(record: DrillRecord, importance: DrillSeverity, runbookStep?: string): Promise<void> {
  const { runbook, drill, engine, environment, from, sabotage } = record;
  await epic(runbook.name);
  await feature(drill);
  await severity(importance);
  if (runbookStep !== undefined) await parameter('runbook step', runbookStep);
  const { rows, seed } = environment;
  for (const [name, value] of Object.entries({ engine, rows, seed, from, sabotage })) {
    // What a drill was run with does not make it another one: its history goes on.
    if (value !== undefined) await parameter(name, String(value), { excluded: true });
  }
}

/** Tells Allure what a step has noted and judged since, each as a step of its own. */
export async function tellSteps(record: DrillRecord, { runbookStep }: RunStep, since: RecordedSoFar): Promise<void> {
  // Steps of a runbook may run side by side: theirs are known by their id, whenever they were noted.
  const events = runbookStep
    ? record.timeline.filter((event) => event.runbookStep === runbookStep.id)
    : record.timeline.slice(since.events).filter((event) => event.runbookStep === undefined);
  for (const { message } of events.filter(isNote)) await logStep(message, Status.PASSED);
  for (const finding of record.findings.slice(since.findings))
    await logStep(wordsOf(finding), statusOf[finding.verdict]);
}

/**
 * The error of a step as Allure tells a red check from a test that is broken: by an assertion. An inconclusive check has
 * proved nothing, so its step stays broken.
 */
export function asAllureTells(error: Error): Error {
  if (!(error instanceof DrillError) || error.code !== 'finding-failed') return error;
  const { what, expected, actual } = error.facts;
  // `what` is a list of checks with their verdicts.
  if (!/ fail(,|$)/.test(what)) return error;
  return new AssertionError({ message: error.message, expected, actual });
}

/** Attaches what a person opens next to the last test of a drill. */
export async function attachReports(directory: string): Promise<void> {
  for (const [file, type] of attachments) await attachment(file, await readFile(join(directory, file)), type);
}

const attachments = [
  ['report.html', 'text/html'],
  ['drill.json', 'application/json'],
] as const;

/** What is not proved is broken, and what does not apply is skipped; neither has passed. */
const statusOf: Record<Verdict, Status> = {
  pass: Status.PASSED,
  fail: Status.FAILED,
  inconclusive: Status.BROKEN,
  'not-applicable': Status.SKIPPED,
};

function isNote({ kind }: TimelineEvent): boolean {
  return kind === 'info';
}

function wordsOf({ check, expected, actual }: Finding): string {
  return `${check}: expected ${expected}, actual ${actual}`;
}
