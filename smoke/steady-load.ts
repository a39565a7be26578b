import { Agent, request } from 'undici';
import type { LoadSample } from '../domain/availability.ts';
import type { Clock } from '../domain/clock.ts';
import type { Probe } from '../domain/smoke.ts';
import type { Tokens } from '../domain/system.ts';
import { compareResponse } from './compare-response.ts';
import { failureOf, requestHeaders } from './request.ts';

export interface SteadyLoadOptions {
  baseUrl: string;
  /** Sent in turn. */
  probes: readonly Probe[];
  tokens: Tokens;
  perSecond: number;
  clock: Clock;
  /** Header of an answer that says which server it came from. */
  servedByHeader?: string;
  /** After so long a request is given up, in milliseconds. */
  giveUpMs?: number;
}

/**
 * Sends the probes in turn at a fixed rate, whether the ones before were answered or not: a slow system gets no fewer
 * requests, and what waits counts with all its waiting. Every outcome is kept with the instant it was sent at.
 */
export class SteadyLoad implements AsyncDisposable {
  readonly samples: LoadSample[] = [];
  readonly #options: SteadyLoadOptions;
  readonly #agent = new Agent({ connections: 256 });
  readonly #underWay = new Set<Promise<void>>();
  readonly #headers: Record<string, string>[];
  #startedMs = 0;
  #sent = 0;
  #timer: NodeJS.Timeout | undefined;

  /** A token that does not exist is a `DrillError` before anything is sent. */
  constructor(options: SteadyLoadOptions) {
    this.#options = options;
    this.#headers = options.probes.map((probe) => requestHeaders(probe, options.tokens));
  }

  /** Begins to send. Once only. */
  start(): void {
    this.#startedMs = this.#options.clock.monotonicMs();
    this.#timer = setInterval(() => this.#sendDue(), Math.max(1, 500 / this.#options.perSecond));
  }

  /** Milliseconds since the beginning, on the clock of the samples. */
  elapsedMs(): number {
    return this.instantOf(this.#options.clock.monotonicMs());
  }

  /** An instant of the monotonic clock, on the clock of the samples. */
  instantOf(monotonicMs: number): number {
    return monotonicMs - this.#startedMs;
  }

  /** Sends no more and waits for what is under way. Idempotent. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#underWay);
    if (!this.#agent.destroyed) await this.#agent.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  /** After a pause of this process what is due is sent at once: the rate holds over the whole. */
  #sendDue(): void {
    const due = Math.floor((this.elapsedMs() / 1_000) * this.#options.perSecond);
    for (; this.#sent < due; this.#sent += 1) {
      const sending = this.#send(this.#sent % this.#options.probes.length).finally(() =>
        this.#underWay.delete(sending),
      );
      this.#underWay.add(sending);
    }
  }

  async #send(index: number): Promise<void> {
    const probe = this.#options.probes[index];
    if (probe === undefined) return;
    const { baseUrl, servedByHeader, giveUpMs = 5_000 } = this.#options;
    const atMs = this.elapsedMs();
    const answer = await this.#ask(new URL(probe.path, baseUrl), probe, index, giveUpMs);
    const servedBy = servedByHeader === undefined ? undefined : answer.headers?.[servedByHeader];
    this.samples.push({
      atMs,
      latencyMs: this.elapsedMs() - atMs,
      probe: probe.name,
      ...(answer.status !== undefined && { status: answer.status }),
      ...(typeof servedBy === 'string' && { servedBy }),
      ...(answer.failure !== undefined && { failure: answer.failure }),
    });
  }

  async #ask(url: URL, probe: Probe, index: number, giveUpMs: number): Promise<LoadAnswer> {
    const signal = AbortSignal.timeout(giveUpMs);
    try {
      const { statusCode, headers, body } = await request(url, {
        dispatcher: this.#agent,
        method: probe.method,
        headers: this.#headers[index] ?? {},
        body: probe.body === undefined ? null : JSON.stringify(probe.body),
        signal,
      });
      const text = await body.text();
      const contentType = [headers['content-type']].flat()[0];
      const failure = compareResponse(probe.expect, { status: statusCode, contentType, text })[0];
      return { status: statusCode, headers, ...(failure !== undefined && { failure }) };
    } catch (error) {
      return { failure: signal.aborted ? `no complete answer within ${giveUpMs} ms` : failureOf(error) };
    }
  }
}

interface LoadAnswer {
  status?: number;
  headers?: Record<string, string | string[] | undefined>;
  failure?: string;
}
