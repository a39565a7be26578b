import { styleText } from 'node:util';
import { z } from 'zod';
import type { PhaseName, TimelineEvent } from '../domain/timeline.ts';
import { shortDuration } from '../reports/format.ts';
import type { Print } from './timeline.ts';

/** What the terminal can do that a run is watched on. The command knows; the suite writes into a pipe. */
export const screenSchema = z.strictObject({
  colour: z.boolean().default(false),
  /** Width in columns of a terminal whose last line can be overwritten; without it every line stays. */
  liveColumns: z.int().min(1).optional(),
  /** Only what is red. */
  quiet: z.boolean().default(false),
});

export type ScreenOptions = z.output<typeof screenSchema>;

type Kind = TimelineEvent['kind'] | 'progress';

interface Line {
  elapsedMs: number;
  phase: PhaseName;
  kind: Kind;
  message: string;
  durationMs?: number;
}

/** Why a step was not executed, and its title: several in a row with one reason are one line. */
export interface Skipped {
  title: string;
  reason: string;
}

const symbols: Record<Kind, string> = { start: '▶', ok: '✔', fail: '✘', skip: '–', info: '·', progress: '…' };
const styles: Partial<Record<Kind, 'green' | 'red' | 'yellow' | 'dim'>> = {
  ok: 'green',
  fail: 'red',
  skip: 'yellow',
  info: 'dim',
  progress: 'dim',
};

/** How often the line of what runs is drawn anew. */
const redrawEveryMs = 500;
/** How long a long step stays silent where every line stays. */
const progressEveryMs = 2_000;
const clearLine = '\r\u001B[2K';

/** A run as it goes on, for people. */
export class Screen {
  readonly #options: ScreenOptions;
  readonly #print: Print;
  readonly #elapsedMs: () => number;
  #skipped: (Line & Skipped)[] = [];
  /** What runs, on the line that is overwritten. */
  #running: (Line & { progress?: string }) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #lastMs = 0;

  /** `elapsedMs` tells how long the run has gone on. */
  constructor(options: ScreenOptions, { print, elapsedMs }: { print: Print; elapsedMs: () => number }) {
    this.#options = options;
    this.#print = print;
    this.#elapsedMs = elapsedMs;
  }

  /** Shows an event. */
  event(event: TimelineEvent, skipped?: Skipped): void {
    this.#lastMs = this.#elapsedMs();
    if (event.kind === 'skip' && skipped) {
      if (this.#skipped[0]?.reason !== skipped.reason) this.#tellSkipped();
      this.#skipped.push({ ...event, ...skipped });
      return;
    }
    this.#tellSkipped();
    if (event.kind === 'start' && this.#options.liveColumns !== undefined) {
      this.#run(event);
      return;
    }
    if (event.kind === 'ok' || event.kind === 'fail') this.#rest();
    if (this.#options.quiet && event.kind !== 'fail') return;
    this.#line(event);
  }

  /** Shows how far a long step is: on the line of what runs, or now and then on one of its own. */
  progress(phase: PhaseName, message: string): void {
    if (this.#running) {
      this.#running.progress = message;
      return;
    }
    const nowMs = this.#elapsedMs();
    if (this.#options.quiet || nowMs - this.#lastMs < progressEveryMs) return;
    this.#lastMs = nowMs;
    this.#line({ elapsedMs: nowMs, phase, kind: 'progress', message });
  }

  /** Shows what was held back; nothing moves any more. */
  end(): void {
    this.#tellSkipped();
    this.#rest();
  }

  #tellSkipped(): void {
    const [first] = this.#skipped;
    const last = this.#skipped.at(-1);
    if (!first || !last) return;
    const count = this.#skipped.length;
    this.#skipped = [];
    if (this.#options.quiet) return;
    const what = count === 1 ? first.title : `${count} steps, “${first.title}” to “${last.title}”`;
    this.#line({ ...first, message: `${what}: ${first.reason}` });
  }

  #line(line: Line): void {
    const text = this.#text(line);
    this.#print(this.#running ? `${clearLine}${text}` : text);
    this.#redraw();
  }

  #text({ elapsedMs, phase, kind, message, durationMs }: Line): string {
    const elapsed = `${(elapsedMs / 1000).toFixed(1)} s`.padStart(9);
    const took = durationMs === undefined ? '' : `  (${shortDuration(durationMs)})`;
    const style = this.#options.colour ? styles[kind] : undefined;
    const told = `${symbols[kind]} ${message}`;
    const shown = style === undefined ? told : styleText(style, told, { validateStream: false });
    return `${elapsed}  ${phase.padEnd(12)} ${shown}${took}`;
  }

  #run(line: Line): void {
    if (this.#options.quiet) return;
    this.#running = line;
    this.#timer ??= setInterval(() => this.#redraw(), redrawEveryMs).unref();
    this.#redraw();
  }

  #rest(): void {
    if (!this.#running) return;
    this.#running = undefined;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#print.overwrite?.(clearLine);
  }

  #redraw(): void {
    const { liveColumns } = this.#options;
    if (!this.#running || liveColumns === undefined) return;
    const { phase, message, progress } = this.#running;
    const elapsedMs = this.#elapsedMs();
    const text = this.#text({
      elapsedMs,
      phase,
      kind: 'progress',
      message: [message, progress].filter(Boolean).join(': '),
    });
    this.#print.overwrite?.(`${clearLine}${cut(text, liveColumns - 1)}`);
  }
}

/** A text cut to a width; an escape sequence is never cut, and closes. */
function cut(text: string, width: number): string {
  // eslint-disable-next-line no-control-regex
  const plain = text.replace(/\u001B\[[0-9;]*m/g, '');
  return plain.length <= width ? text : `${plain.slice(0, Math.max(0, width - 1))}…`;
}
