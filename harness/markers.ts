import { appendFile } from 'node:fs/promises';
import type { Clock } from '../domain/clock.ts';
import type { MarkerAck } from '../domain/marker.ts';
import type { StoreName } from '../domain/service.ts';
import type { MarkerChannel } from '../domain/system.ts';

export interface MarkerWriterOptions {
  channels: MarkerChannel[];
  /** Journal outside the stack: one acknowledgement a line. */
  journal: string;
  clock: Clock;
  intervalMs?: number;
  /** Number of the first marker; default 1. */
  firstSequence?: number;
}

/**
 * Writes numbered markers into every store, one after the other, and notes each acknowledgement outside the stack.
 * What was sent and never acknowledged is not counted as lost: nobody was promised anything.
 */
export class MarkerWriter {
  readonly acks: MarkerAck[] = [];
  readonly channels: MarkerChannel[];
  readonly #options: MarkerWriterOptions;
  readonly #stop = new AbortController();
  readonly #sequence = new Map<StoreName, number>();
  #loops: Promise<void>[] = [];
  readonly #underWay = new Set<Promise<void>>();
  #held: Promise<void> = Promise.resolve();

  constructor(options: MarkerWriterOptions) {
    this.#options = options;
    this.channels = options.channels;
  }

  /** Writes one marker into every store and fails if one is not acknowledged. */
  async writeOnce(signal: AbortSignal): Promise<void> {
    for (const channel of this.channels) await this.#write(channel, signal);
  }

  /** Goes on writing in the background until `stop`. A store that refuses is tried again with the next number. */
  start(): void {
    this.#loops = this.channels.map((channel) => this.#loop(channel));
  }

  /** Runs `work` while no write is under way and none begins: for a look at stores that must agree with one another. */
  async quietly<T>(work: () => Promise<T>): Promise<T> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#held = promise;
    try {
      await Promise.all(this.#underWay);
      return await work();
    } finally {
      resolve();
    }
  }

  /** How many were sent to a store and never acknowledged: refused, cut off, or still under way. */
  unanswered(store: StoreName): number {
    const { firstSequence = 1 } = this.#options;
    const sent = (this.#sequence.get(store) ?? firstSequence - 1) - (firstSequence - 1);
    return sent - this.acks.filter((ack) => ack.store === store).length;
  }

  /** Ends the writing. Idempotent. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#loops);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #loop(channel: MarkerChannel): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await this.#held;
      const write = this.#write(channel, signal).catch(() => undefined);
      this.#underWay.add(write);
      await write;
      this.#underWay.delete(write);
      await pause(this.#options.intervalMs ?? 250, signal);
    }
  }

  async #write(channel: MarkerChannel, signal: AbortSignal): Promise<void> {
    const { firstSequence = 1 } = this.#options;
    const sequence = (this.#sequence.get(channel.store) ?? firstSequence - 1) + 1;
    this.#sequence.set(channel.store, sequence);
    await channel.write(sequence, signal);
    const acknowledgedAt = this.#options.clock.now().toISOString();
    const ack: MarkerAck = { store: channel.store, sequence, acknowledgedAt };
    this.acks.push(ack);
    await appendFile(this.#options.journal, `${JSON.stringify(ack)}\n`);
  }
}

async function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, durationMs);
  signal.addEventListener('abort', () => resolve(), { once: true });
  await promise;
  clearTimeout(timer);
}
