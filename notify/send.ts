import pRetry, { AbortError } from 'p-retry';
import { request } from 'undici';
import type { NotificationChannel, NotificationResult } from '../domain/notification.ts';

export interface Message {
  channel: NotificationChannel;
  url: string;
  method: 'GET' | 'POST';
  /** Made anew for each try: a signature has its time. */
  headers: () => Record<string, string>;
  body?: string;
}

export interface SendOptions {
  /** For all tries together. */
  timeLimitMs: number;
  /** Before the second try; doubled from then on, and shortened at random. */
  firstPauseMs?: number;
}

const furtherTries = 4;
const attemptLimitMs = 10_000;

/**
 * Sends a message: again after a failure of the network, 408, 429 or 5xx, not after another refusal. Redirects are not
 * followed, since the address may be a secret. Never rejects; what it says of a failure names neither address nor answer.
 */
export async function send(
  message: Message,
  { timeLimitMs, firstPauseMs = 500 }: SendOptions,
): Promise<NotificationResult> {
  const { channel } = message;
  const limit = AbortSignal.timeout(timeLimitMs);
  let attempts = 0;
  try {
    await pRetry(
      async (attempt) => {
        attempts = attempt;
        await sendOnce(message, AbortSignal.any([limit, AbortSignal.timeout(attemptLimitMs)]));
      },
      {
        retries: furtherTries,
        minTimeout: firstPauseMs,
        maxTimeout: attemptLimitMs,
        randomize: true,
        signal: limit,
        shouldRetry: () => true,
      },
    );
    return { channel, outcome: 'sent', attempts };
  } catch (error) {
    const detail = limit.aborted ? `not told within ${timeLimitMs / 1000} s` : reasonOf(error);
    return { channel, outcome: 'failed', attempts, detail };
  }
}

async function sendOnce({ url, method, headers, body }: Message, signal: AbortSignal): Promise<void> {
  const { statusCode, body: answer } = await request(url, { method, headers: headers(), body: body ?? null, signal });
  await answer.dump();
  if (statusCode >= 200 && statusCode < 300) return;
  const refusal = new Refusal(statusCode);
  const mayPass = statusCode === 408 || statusCode === 429 || statusCode >= 500;
  throw mayPass ? refusal : new AbortError(refusal);
}

class Refusal extends Error {
  constructor(statusCode: number) {
    super(`answered ${statusCode}`);
  }
}

/** Messages of other errors may quote an address: only their code or name is told. */
function reasonOf(error: unknown): string {
  if (error instanceof Refusal) return error.message;
  if (!(error instanceof Error)) return 'no answer';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return `no answer: ${code}`;
}
