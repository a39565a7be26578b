import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../domain/clock.ts';
import { assertKnownCheck } from '../domain/catalogue.ts';
import { controlsVerdict } from '../domain/control-outcome.ts';
import { DrillError, messageOf } from '../domain/drill-error.ts';
import type { Finding } from '../domain/finding.ts';
import type { DrillRecord } from '../domain/record.ts';
import type { PhaseName } from '../domain/timeline.ts';
import { verdictOfError } from '../domain/error-verdict.ts';
import { isRed, mergeVerdicts, type ApplicableVerdict } from '../domain/verdict.ts';
import { machineLoad } from '../smoke/own-delay.ts';
import { heldUpWait } from '../checks/own-delay.ts';
import { judgeOwed } from '../checks/owed.ts';
import { writeRecord, writeRecordFile, writeReports } from '../reports/write.ts';
import { PhaseClock } from './phase-clock.ts';
import { recommendationsOf } from './recommendations.ts';
import type { ScreenOptions } from './screen.ts';
import { Timeline, type Print } from './timeline.ts';

/** What is written of a run: everything, or `drill.json` without any report on it. */
export type ReportsWritten = 'all' | 'record';

interface RecorderOptions {
  directory: string;
  clock: Clock;
  print: Print;
  screen?: ScreenOptions;
  reports?: ReportsWritten;
}

/**
 * Keeps `drill.json` up to date while the run goes on: it is written after every step, the reports at the beginning and
 * the end, so that a run that dies leaves a record and a report that say `running`.
 */
export class Recorder {
  readonly record: DrillRecord;
  readonly timeline: Timeline;
  readonly phases: PhaseClock;
  readonly directory: string;
  readonly #clock: Clock;
  readonly #reports: ReportsWritten;

  constructor(record: DrillRecord, { directory, clock, print, screen, reports = 'all' }: RecorderOptions) {
    mkdirSync(directory, { recursive: true });
    this.record = record;
    this.directory = directory;
    this.#clock = clock;
    this.#reports = reports;
    this.phases = new PhaseClock(clock);
    this.timeline = new Timeline({ clock, file: join(directory, 'timeline.jsonl'), print, ...(screen && { screen }) });
    record.timeline = this.timeline.events;
  }

  /** Records findings and puts each red one on the timeline. Throws for a check that is not in the catalogue. */
  judge(phase: PhaseName, findings: readonly Finding[]): void {
    for (const { check } of findings) assertKnownCheck(check);
    this.record.findings.push(...findings);
    for (const { check, verdict, expected, actual } of findings) {
      if (!isRed(verdict)) continue;
      this.timeline.add({
        phase,
        kind: 'fail',
        message: `${check} ${verdict}: expected ${expected}, actual ${actual}`,
      });
    }
  }

  /** Records that an error ended a step, and what a busy machine had to do with it. */
  fail(phase: PhaseName, error: unknown, ownDelayMs = 0): void {
    const code = error instanceof DrillError ? error.code : 'internal';
    const message = messageOf(error);
    const heldUp = heldUpWait(message, ownDelayMs, machineLoad());
    this.record.errors.push({ phase, code, message, ...(heldUp !== undefined && { heldUp }) });
  }

  /** The verdict of all that was judged so far, errors included. */
  verdict(): ApplicableVerdict {
    const { findings, controls, errors } = this.record;
    return mergeVerdicts([
      ...findings.map((finding) => finding.verdict),
      ...(controls.length > 0 ? [controlsVerdict(controls)] : []),
      ...errors.map((error) => verdictOfError(error)),
    ]);
  }

  /** Writes `drill.json` and the Markdown as they stand. */
  async save(): Promise<void> {
    await (this.#reports === 'all' ? writeRecord : writeRecordFile)(this.directory, this.#upToDate());
  }

  /** Writes `drill.json` and all reports as they stand. */
  async saveReports(): Promise<void> {
    await (this.#reports === 'all' ? writeReports : writeRecordFile)(this.directory, this.#upToDate());
  }

  /** The record with what follows from the rest of it. */
  #upToDate(): DrillRecord {
    const { record } = this;
    record.durationMs = Math.round(this.timeline.elapsedMs());
    record.recommendations = recommendationsOf(record);
    return record;
  }

  /** Closes the record: what it owed and was not judged is named, and nothing is judged after it. */
  async finish(state: Exclude<DrillRecord['state'], 'running'>): Promise<void> {
    const { record } = this;
    if (state === 'finished') this.judge('clean-up', judgeOwed(record));
    this.timeline.end();
    record.state = state;
    record.finishedAt = this.#clock.now().toISOString();
    record.verdict = state === 'finished' ? this.verdict() : mergeVerdicts([this.verdict(), 'inconclusive']);
    await this.saveReports();
  }
}
