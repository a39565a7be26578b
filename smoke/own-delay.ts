import { readFileSync } from 'node:fs';
import { createServer, request, Agent, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loadavg } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Clock } from '../domain/clock.ts';

/** How often the harness asks itself, and the grain of its event loop's own clock. */
const everyMs = 50;
const resolutionMs = 10;

interface Stretch {
  fromMs: number;
  untilMs: number;
  delayMs: number;
}

/**
 * How long the harness itself is held up, measured apart from the system: by the delay of its event loop, and by requests
 * to a server in this very process, which waits for nothing. On a machine that is short of processors both grow, and what
 * is measured of the system meanwhile says little about it.
 */
export class OwnDelay implements AsyncDisposable {
  readonly #clock: Clock;
  readonly #server: Server;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 4 });
  readonly #loop: ReturnType<typeof monitorEventLoopDelay>;
  readonly #stretches: Stretch[] = [];
  readonly #underWay = new Set<number>();
  #lookedMs: number;
  /** When the next question is due: one that is not even put yet is waited for as well. */
  #dueMs = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  private constructor(clock: Clock, server: Server) {
    this.#clock = clock;
    this.#server = server;
    this.#loop = monitorEventLoopDelay({ resolution: resolutionMs });
    this.#loop.enable();
    this.#lookedMs = clock.monotonicMs();
    this.#askAt(this.#lookedMs + everyMs);
  }

  /** Begins to measure, until it is disposed of. */
  static async start(clock: Clock): Promise<OwnDelay> {
    const server = createServer((_request, response) => response.end('ok'));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    // It is never what keeps the process alive.
    server.unref();
    return new OwnDelay(clock, server);
  }

  /** The longest delay of the harness, in milliseconds, that overlaps two monotonic instants; what still lasts included. */
  within(fromMs: number, untilMs: number): number {
    if (untilMs >= this.#lookedMs) this.#look();
    const nowMs = this.#clock.monotonicMs();
    const waiting = [this.#dueMs, ...this.#underWay].filter((dueMs) => dueMs <= untilMs).map((dueMs) => nowMs - dueMs);
    // They stand in the order of their ends: what ended before is not looked through again for every request of a load.
    const first = this.#stretches.findLastIndex((one) => one.untilMs < fromMs) + 1;
    const over = this.#stretches.slice(first).filter((one) => one.fromMs <= untilMs);
    return Math.max(0, ...waiting, ...over.map(({ delayMs }) => delayMs));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#loop.disable();
    this.#agent.destroy();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** A request is timed from the instant at which it was due: a loop that stands still makes it late, too. */
  #askAt(dueMs: number): void {
    this.#dueMs = dueMs;
    this.#timer = setTimeout(
      () => {
        if (this.#timer === undefined) return;
        this.#look();
        this.#ask(dueMs);
        this.#askAt(Math.max(dueMs + everyMs, this.#clock.monotonicMs()));
      },
      Math.max(0, dueMs - this.#clock.monotonicMs()),
    );
    this.#timer.unref();
  }

  #ask(dueMs: number): void {
    this.#underWay.add(dueMs);
    const { port } = this.#server.address() as AddressInfo;
    const done = (): void => {
      if (!this.#underWay.delete(dueMs)) return;
      this.#keep(dueMs, this.#clock.monotonicMs() - dueMs);
    };
    request({ host: '127.0.0.1', port, agent: this.#agent }, (response) => response.resume().once('end', done))
      .once('error', done)
      .end();
  }

  /** What the event loop was held up since the last look. */
  #look(): void {
    const nowMs = this.#clock.monotonicMs();
    const heldUpMs = this.#loop.max / 1e6 - resolutionMs;
    this.#loop.reset();
    if (heldUpMs > 0 && Number.isFinite(heldUpMs)) {
      this.#stretches.push({ fromMs: Math.min(this.#lookedMs, nowMs - heldUpMs), untilMs: nowMs, delayMs: heldUpMs });
    }
    this.#lookedMs = nowMs;
  }

  #keep(fromMs: number, delayMs: number): void {
    this.#stretches.push({ fromMs, untilMs: fromMs + delayMs, delayMs });
  }
}

/** What the machine says of its load, as evidence: `load average 11.2, tasks waited for a processor 97 % of the last 10 s`. */
export function machineLoad(): string {
  return [`load average ${(loadavg()[0] ?? 0).toFixed(1)}`, ...pressure()].join(', ');
}

/** Pressure stall information, which only Linux has. */
function pressure(): string[] {
  try {
    const share = /^some avg10=(\S+)/.exec(readFileSync('/proc/pressure/cpu', 'utf8'))?.[1];
    return share === undefined ? [] : [`tasks waited for a processor ${Math.round(Number(share))} % of the last 10 s`];
  } catch {
    return [];
  }
}
