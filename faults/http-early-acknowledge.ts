import { request } from 'undici';

/** A server that stands in front of an API and acknowledges writes before the API has them. */
export interface EarlyAcknowledge extends AsyncDisposable {
  readonly url: string;
  /** Loses the writes that it holds, as a server does that dies. Gives how many were lost. */
  loseHeld(): number;
}

export interface EarlyAcknowledgeOptions {
  /** Address of the API behind it. */
  target: string;
  /** Path whose POST requests are acknowledged early; all else passes unchanged. */
  path: string;
  /** How long a write is held before it is passed on, in milliseconds. */
  holdMs: number;
}

interface HeldWrite {
  timer: NodeJS.Timeout;
}

/** Starts it on a free port of loopback. What it still holds when it is closed is lost. */
export async function startEarlyAcknowledge(options: EarlyAcknowledgeOptions): Promise<EarlyAcknowledge> {
  const { target, path, holdMs } = options;
  const held = new Set<HeldWrite>();
  const passing = new Set<Promise<void>>();
  // Some three hundred modules, which every command would load that knows the names of the faults.
  const [{ default: fastify }, { default: httpProxy }] = await Promise.all([
    import('fastify'),
    import('@fastify/http-proxy'),
  ]);
  const server = fastify({ forceCloseConnections: true });
  server.route({
    method: 'POST',
    url: path,
    handler: async ({ headers, body }, reply) => {
      const write: HeldWrite = {
        timer: setTimeout(() => {
          held.delete(write);
          const passed = passOn(`${target}${path}`, headers.authorization, body).finally(() => passing.delete(passed));
          passing.add(passed);
        }, holdMs),
      };
      held.add(write);
      return await reply.code(201).send({ ok: true });
    },
  });
  await server.register(httpProxy, { upstream: target });
  const loseHeld = (): number => {
    const lost = held.size;
    for (const { timer } of held) clearTimeout(timer);
    held.clear();
    return lost;
  };
  return {
    url: await server.listen({ host: '127.0.0.1', port: 0 }),
    loseHeld,
    async [Symbol.asyncDispose]() {
      loseHeld();
      await Promise.all(passing);
      await server.close();
    },
  };
}

/** Nobody waits for the answer any more: that is what is wrong with it. */
async function passOn(url: string, authorization: string | undefined, body: unknown): Promise<void> {
  const headers = { 'content-type': 'application/json', ...(authorization !== undefined && { authorization }) };
  await request(url, { method: 'POST', headers, body: JSON.stringify(body) }).then(
    (response) => response.body.dump(),
    () => undefined,
  );
}
