import { Readable } from 'node:stream';

/** A server of the run that stands in front of an API and sabotages one of its paths. */
export interface SabotageProxy extends AsyncDisposable {
  /** Where clients reach it, e.g. `http://127.0.0.1:40123`. */
  readonly url: string;
  /** Ends the sabotage: from now on everything passes unchanged. Idempotent; disposing lifts and closes. */
  lift(): Promise<void>;
}

export interface SabotageProxyOptions {
  /** Address of the API behind it. */
  target: string;
  /** Path that is sabotaged; its query does not matter. All others pass unchanged. */
  path: string;
  /** Port on loopback; a free one unless given. */
  port?: number;
}

/** What happens to a request of the path on its way to the API, and to its answer on the way back. */
export interface RequestSabotage {
  /** Awaited before the last byte of the answer is passed on; `signal` aborts when the sabotage is lifted. */
  delayEnd?: (signal: AbortSignal) => Promise<void>;
  /** Headers in place of the request's own. */
  replaceHeaders?: Readonly<Record<string, string>>;
}

/** Starts a proxy on loopback that carries out the sabotage on one path. */
export async function startSabotageProxy(
  { target, path, port = 0 }: SabotageProxyOptions,
  sabotage: RequestSabotage,
): Promise<SabotageProxy> {
  const lifted = new AbortController();
  const sabotaged = (url: string): boolean => !lifted.signal.aborted && pathOf(url) === pathOf(path);
  // Some three hundred modules, which every command would load that knows the names of the faults.
  const [{ default: fastify }, { default: httpProxy }] = await Promise.all([
    import('fastify'),
    import('@fastify/http-proxy'),
  ]);
  const server = fastify({ forceCloseConnections: true });
  await server.register(httpProxy, {
    upstream: target,
    replyOptions: {
      rewriteRequestHeaders: (request, headers) =>
        sabotaged(request.url) ? { ...headers, ...sabotage.replaceHeaders } : headers,
      onResponse: (request, reply, answer) => {
        const body = (answer as unknown as { stream: Readable }).stream;
        const { delayEnd } = sabotage;
        if (!delayEnd || !sabotaged(request.url)) void reply.send(body);
        else
          void reply.send(
            Readable.from(
              endLater(body, () => delayEnd(lifted.signal)),
              { objectMode: false },
            ),
          );
      },
    },
  });
  const url = await server.listen({ host: '127.0.0.1', port });
  const lift = async (): Promise<void> => lifted.abort();
  return {
    url,
    lift,
    async [Symbol.asyncDispose]() {
      await lift();
      await server.close();
    },
  };
}

/** The same bytes; what is waited for stands before the last of them. */
async function* endLater(body: Readable, wait: () => Promise<void>): AsyncGenerator<Buffer> {
  let last: Buffer = Buffer.alloc(0);
  for await (const chunk of body as AsyncIterable<Buffer>) {
    const known = Buffer.concat([last, chunk]);
    yield known.subarray(0, -1);
    last = known.subarray(-1);
  }
  await wait();
  yield last;
}

function pathOf(url: string): string {
  return new URL(url, 'http://127.0.0.1').pathname;
}
