import { appendFileSync } from 'node:fs';
import type { Clock } from '../domain/clock.ts';
import type { PhaseName, Progress, TimelineEvent } from '../domain/timeline.ts';
import { Screen, screenSchema, type ScreenOptions, type Skipped } from './screen.ts';

/** Where lines for people go. */
export interface Print {
  (line: string): void;
  /** Writes as it stands, without an end of line, for a line that is overwritten later. */
  overwrite?: (text: string) => void;
}

export interface TimelineOptions {
  clock: Clock;
  /** `timeline.jsonl`: each event is there before the next thing happens, so that a crash leaves it. */
  file: string;
  print: Print;
  screen?: ScreenOptions;
}

/** The append-only record of a run: on screen, in the file and in memory at once. */
export class Timeline {
  readonly events: TimelineEvent[] = [];
  readonly #options: TimelineOptions;
  readonly #startedMs: number;
  readonly #screen: Screen;

  constructor(options: TimelineOptions) {
    this.#options = options;
    this.#startedMs = options.clock.monotonicMs();
    const { print, screen = screenSchema.parse({}) } = options;
    this.#screen = new Screen(screen, { print, elapsedMs: () => this.elapsedMs() });
  }

  /** Milliseconds since the run began. */
  elapsedMs(): number {
    return this.elapsedAt(this.#options.clock.monotonicMs());
  }

  /** Milliseconds from the begin of the run to an instant of the monotonic clock. */
  elapsedAt(monotonicMs: number): number {
    return monotonicMs - this.#startedMs;
  }

  /** `skipped` with an event of that kind: several steps in a row that were skipped for one reason are one line on screen. */
  add(event: Omit<TimelineEvent, 'sequence' | 'at' | 'elapsedMs'>, skipped?: Skipped): void {
    const complete: TimelineEvent = {
      sequence: this.events.length + 1,
      at: this.#options.clock.now().toISOString(),
      elapsedMs: Math.round(this.elapsedMs()),
      ...event,
      ...(event.durationMs !== undefined && { durationMs: Math.round(event.durationMs) }),
    };
    this.events.push(complete);
    appendFileSync(this.#options.file, `${JSON.stringify(complete)}\n`);
    this.#screen.event(complete, skipped);
  }

  /** What a phase's code reports its doings to. */
  progress(phase: PhaseName, runbookStep?: string): Progress {
    return {
      info: (message, data) =>
        this.add({ phase, kind: 'info', message, ...(runbookStep && { runbookStep }), ...(data && { data }) }),
      advance: (done, total, unit) => {
        const share = total ? ` of ${total.toLocaleString('en')} (${Math.floor((done / total) * 100)} %)` : '';
        this.#screen.progress(phase, `${done.toLocaleString('en')}${share} ${unit}`);
      },
    };
  }

  /** Nothing more comes: what the screen held back is shown. */
  end(): void {
    this.#screen.end();
  }
}
