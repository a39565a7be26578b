import { setTimeout as pause } from 'node:timers/promises';
import type { Exchange } from './recording.ts';

/** What a server answered, in the form of a recorded response. */
export type Answer = Exchange['response'];

/** Sends recorded requests to another server, in their order. */
export interface Replay {
  send(exchange: Exchange): Promise<Answer>;
}

/**
 * A key that the server made has another uid and secret than the one of the recording: wherever a later request holds the
 * recorded ones, the new ones are sent, and answers are told in the recorded ones. A uid that is the same needs no change.
 */
export function replayOn(url: string): Replay {
  const renamed = new Map<string, string>();

  async function ask({ request }: Exchange): Promise<Answer> {
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, replaced(value, renamed)]),
    );
    const answer = await fetch(url + replaced(request.path, renamed), {
      method: request.method,
      headers,
      ...(request.body !== undefined && { body: payloadOf(request.body) }),
    });
    const text = await answer.text();
    const contentType = answer.headers.get('content-type');
    return { status: answer.status, contentType, body: contentType === null ? text : JSON.parse(text) };
  }

  return {
    async send(exchange) {
      let answer = await ask(exchange);
      while (exchange.name.endsWith(': task when settled') && !isSettled(answer)) {
        await pause(5);
        answer = await ask(exchange);
      }
      for (const [recorded, actual] of keyPairs(exchange.response.body, answer.body)) renamed.set(recorded, actual);
      const backwards = new Map([...renamed].map(([recorded, actual]) => [actual, recorded]));
      return { ...answer, body: JSON.parse(replaced(JSON.stringify(answer.body), backwards)) as unknown };
    },
  };
}

/** Bytes, text or JSON, as the recording notes them. */
function payloadOf(body: unknown): string | Uint8Array<ArrayBuffer> {
  if (typeof body === 'string') return body;
  const isBytes =
    typeof body === 'object' && body !== null && 'type' in body && body.type === 'Buffer' && 'data' in body;
  return isBytes ? Uint8Array.from(body.data as number[]) : JSON.stringify(body);
}

function isSettled({ body }: Answer): boolean {
  const status = typeof body === 'object' && body !== null && 'status' in body ? body.status : undefined;
  return status !== 'enqueued' && status !== 'processing';
}

/** Uids and secrets of the keys of two answers, side by side. */
function keyPairs(recorded: unknown, actual: unknown): [string, string][] {
  const [before, after] = [keysOf(recorded), keysOf(actual)];
  return before.flatMap((key, index) => {
    const other = after[index];
    return other && other.name === key.name
      ? ([
          [key.uid, other.uid],
          [key.key, other.key],
        ] satisfies [string, string][])
      : [];
  });
}

interface Key {
  uid: string;
  key: string;
  name: unknown;
}

function keysOf(body: unknown): Key[] {
  if (typeof body !== 'object' || body === null) return [];
  const list = 'results' in body && Array.isArray(body.results) ? (body.results as unknown[]) : [body];
  return list.filter(
    (each): each is Key => typeof each === 'object' && each !== null && 'key' in each && 'actions' in each,
  );
}

function replaced(text: string, pairs: ReadonlyMap<string, string>): string {
  let result = text;
  for (const [from, to] of pairs) result = result.replaceAll(from, to);
  return result;
}
