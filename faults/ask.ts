import { Agent } from 'node:http';
import { connect } from 'node:net';
import { request } from 'undici';
import { systemClock, timed } from '../domain/clock.ts';
import { messageOf } from '../domain/drill-error.ts';
import { objectClient, searchClient, withPostgres } from '../stack/clients.ts';
import type { Access } from './target.ts';

/**
 * What came of a question: an answer; nobody takes connections (`refused`); the connection was lost before the answer
 * (`cut`); no answer within the limit (`silent`); who asks is not let in (`denied`); or another error of the server's own
 * (`failed`).
 */
export type AnswerKind = 'answered' | 'refused' | 'cut' | 'silent' | 'denied' | 'failed';

export interface Answer {
  kind: AnswerKind;
  /** From the question to its end, in milliseconds. */
  tookMs: number;
  /** For a reader; without secrets. */
  text: string;
}

/** How long a question waits for its answer, in milliseconds, unless told otherwise. */
export const askLimitMs = 1_000;

/**
 * Asks a service by its own client for something that needs its credentials: `SELECT 1`, the list of buckets, the
 * statistics of the indexes; an API is sent `GET /`, to which any status is an answer. Never rejects.
 */
export async function ask(reached: Access, limitMs = askLimitMs): Promise<Answer> {
  const answer = await askOnce(reached, limitMs);
  // The client of the search server keeps its connections, and the lost one may be that of an earlier question.
  return answer.kind === 'cut' && reached.service === 'search' ? askOnce(reached, limitMs) : answer;
}

/** Whether the port of a host takes connections, whatever is said over them then. */
export async function takesConnections({ host, port }: { host: string; port: number }): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host, port, timeout: askLimitMs });
  socket.once('connect', () => resolve(true));
  socket.once('timeout', () => resolve(false));
  socket.once('error', () => resolve(false));
  const accepted = await promise;
  socket.destroy();
  return accepted;
}

async function askOnce(reached: Access, limitMs: number): Promise<Answer> {
  const over = AbortSignal.timeout(limitMs);
  const { value, durationMs } = await timed(systemClock, () =>
    question(reached, over, limitMs).then(
      () => ({ kind: 'answered' as const, text: 'yes' }),
      (error: unknown) => (over.aborted ? silent(limitMs) : failure(error)),
    ),
  );
  return { ...value, tookMs: durationMs };
}

async function question({ service, access }: Access, over: AbortSignal, limitMs: number): Promise<unknown> {
  if (service === 'postgres') {
    const limits = { connectionTimeoutMillis: limitMs, query_timeout: limitMs };
    return orTimeout(
      withPostgres(access, (client) => client.query('SELECT 1'), limits),
      over,
    );
  }
  if (service === 'objects') {
    const agent = new Agent();
    // The client knows no time limit: when it is over, its connection is ended.
    return orTimeout(objectClient(access, { agent }).listBuckets(), over).finally(() => agent.destroy());
  }
  if (service === 'search') return searchClient(access, { requestTimeoutMs: limitMs }).getStats();
  const { body } = await request(access.baseUrl, { signal: over, reset: true });
  return body.dump();
}

/** As the work, but rejects when the time is over; the work may settle later, which nobody hears. */
async function orTimeout<T>(work: Promise<T>, over: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => undefined);
  work.catch(() => undefined);
  over.addEventListener('abort', () => reject(new Error('no answer')), { once: true });
  return Promise.race([work, promise]);
}

function silent(limitMs: number): Pick<Answer, 'kind' | 'text'> {
  return { kind: 'silent', text: `no answer within ${limitMs} ms` };
}

/** Refused credentials: codes of PostgreSQL (28P01, 28000) and S3, and the words of Meilisearch. */
const denials = /28P01|28000|InvalidAccessKeyId|SignatureDoesNotMatch|AccessDenied|API key is invalid/;

function failure(error: unknown): Pick<Answer, 'kind' | 'text'> {
  const said = causes(error);
  if (/ECONNREFUSED/.test(said)) return { kind: 'refused', text: 'connection refused' };
  if (/ECONNRESET|EPIPE|socket hang up|other side closed|terminated unexpectedly/i.test(said)) {
    return { kind: 'cut', text: 'connection lost' };
  }
  if (/timeout|timed out/i.test(said)) return { kind: 'silent', text: 'no answer in time' };
  if (denials.test(said)) return { kind: 'denied', text: 'the credentials are refused' };
  return { kind: 'failed', text: messageOf(error).trim() || 'an error without a message' };
}

/** Codes and messages of an error and of what caused it, in one line. */
function causes(error: unknown): string {
  const parts: string[] = [];
  for (let current = error; current instanceof Error && parts.length < 10; current = current.cause) {
    parts.push('code' in current ? String(current.code) : '', current.message);
    if (current instanceof AggregateError) parts.push(...current.errors.map((each) => causes(each)));
  }
  return parts.join(' ');
}
