import httpProxy from '@fastify/http-proxy';
import fastify from 'fastify';

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

/** What happens to a request of the path on its way to the API. */
export interface RequestSabotage {
  /** Awaited before the request is passed on; `signal` aborts when the sabotage is lifted. */
  delay?(signal: AbortSignal): Promise<void>;
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
  const server = fastify({ forceCloseConnections: true });
  server.addHook('onRequest', async ({ url }) => {
    if (sabotaged(url)) await sabotage.delay?.(lifted.signal);
  });
  await server.register(httpProxy, {
    upstream: target,
    replyOptions: {
      rewriteRequestHeaders: (request, headers) =>
        sabotaged(request.url) ? { ...headers, ...sabotage.replaceHeaders } : headers,
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

function pathOf(url: string): string {
  return new URL(url, 'http://127.0.0.1').pathname;
}
