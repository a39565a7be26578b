import { appendFileSync } from 'node:fs';
import prettyMilliseconds from 'pretty-ms';
import type { Clock } from '../domain/clock.ts';
import type { PhaseName, Progress, TimelineEvent } from '../domain/timeline.ts';

/** Where lines for people go. */
export type Print = (line: string) => void;

export interface TimelineOptions {
  clock: Clock;
  /** `timeline.jsonl`: each event is there before the next thing happens, so that a crash leaves it. */
  file: string;
  print: Print;
}

const symbols: Record<TimelineEvent['kind'], string> = { start: '▶', ok: '✔', fail: '✘', skip: '–', info: '·' };

/** How long a long step stays silent before it shows its progress. */
const progressEveryMs = 2_000;

/** The append-only record of a run: on screen, in the file and in memory at once. */
export class Timeline {
  readonly events: TimelineEvent[] = [];
  readonly #options: TimelineOptions;
  readonly #startedMs: number;
  #lastProgressMs = 0;

  constructor(options: TimelineOptions) {
    this.#options = options;
    this.#startedMs = options.clock.monotonicMs();
  }

  /** Milliseconds since the run began. */
  elapsedMs(): number {
    return this.elapsedAt(this.#options.clock.monotonicMs());
  }

  /** Milliseconds from the begin of the run to an instant of the monotonic clock. */
  elapsedAt(monotonicMs: number): number {
    return monotonicMs - this.#startedMs;
  }

  add(event: Omit<TimelineEvent, 'sequence' | 'at' | 'elapsedMs'>): void {
    const complete: TimelineEvent = {
      sequence: this.events.length + 1,
      at: this.#options.clock.now().toISOString(),
      elapsedMs: Math.round(this.elapsedMs()),
      ...event,
      ...(event.durationMs !== undefined && { durationMs: Math.round(event.durationMs) }),
    };
    this.events.push(complete);
    appendFileSync(this.#options.file, `${JSON.stringify(complete)}\n`);
    this.#print(complete.phase, symbols[complete.kind], complete.message, complete.durationMs);
    this.#lastProgressMs = this.#options.clock.monotonicMs();
  }

  /** What a phase's code reports its doings to. */
  progress(phase: PhaseName, runbookStep?: string): Progress {
    return {
      info: (message, data) =>
        this.add({ phase, kind: 'info', message, ...(runbookStep && { runbookStep }), ...(data && { data }) }),
      advance: (done, total, unit) => this.#advance(phase, done, total, unit),
    };
  }

  #advance(phase: PhaseName, done: number, total: number | undefined, unit: string): void {
    const nowMs = this.#options.clock.monotonicMs();
    if (nowMs - this.#lastProgressMs < progressEveryMs) return;
    this.#lastProgressMs = nowMs;
    const share = total ? ` of ${total.toLocaleString('en')} (${Math.floor((done / total) * 100)} %)` : '';
    this.#print(phase, '…', `${done.toLocaleString('en')}${share} ${unit}`);
  }

  #print(phase: PhaseName, symbol: string, message: string, durationMs?: number): void {
    const elapsed = `${(this.elapsedMs() / 1000).toFixed(1)} s`.padStart(9);
    const took = durationMs === undefined ? '' : `  (${prettyMilliseconds(durationMs)})`;
    this.#options.print(`${elapsed}  ${phase.padEnd(12)} ${symbol} ${message}${took}`);
  }
}
