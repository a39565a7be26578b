import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** How a proxy treats what passes it. */
export type Passage =
  | { kind: 'open' }
  /** Each piece arrives later by so many milliseconds, in both directions. */
  | { kind: 'slow'; delayMs: number }
  /** Nobody listens on the port, and the connections that were there are reset. */
  | { kind: 'refused' }
  /** Connections are taken, and reset as soon as the client has sent something; those that were there are reset. */
  | { kind: 'cut' };

export interface TcpProxyOptions {
  /** Where it passes connections on to. */
  target: { host: string; port: number };
  /** Port of 127.0.0.1 that it listens on; nobody else must use it. */
  port: number;
}

/** A proxy of the run on 127.0.0.1. Disposing it resets its connections and frees its port. */
export interface TcpProxy extends AsyncDisposable {
  readonly port: number;
  /** What it does now. */
  passage(): Passage;
  /** Changes it, for the connections that are there as for new ones. */
  set(passage: Passage): Promise<void>;
  /** From now on connections are passed on to another target; those that were there are reset. */
  pointAt(target: TcpProxyOptions['target']): void;
}

/** How much of one direction of a slow connection is under way at most; more waits at its sender. */
const underWayMaxBytes = 1024 ** 2;

/** Starts a proxy that passes everything on unchanged, until it is told otherwise. */
export async function startTcpProxy({ target: first, port }: TcpProxyOptions): Promise<TcpProxy> {
  let target = first;
  const pairs = new Set<readonly [Socket, Socket]>();
  const closed = new AbortController();
  let passage: Passage = { kind: 'open' };
  const delayMs = (): number => (passage.kind === 'slow' ? passage.delayMs : 0);

  const accept = (client: Socket): void => {
    const upstream = connect({ ...target, noDelay: true, allowHalfOpen: true });
    client.setNoDelay(true);
    const pair = [client, upstream] as const;
    pairs.add(pair);
    for (const [from, to] of [pair, [upstream, client]] as const) {
      from.on('error', () => to.resetAndDestroy());
      from.on('close', () => {
        if (to.destroyed) pairs.delete(pair);
      });
    }
    client.on('data', () => {
      if (passage.kind === 'cut') reset(pair);
    });
    relay(client, upstream, delayMs, closed.signal);
    relay(upstream, client, delayMs, closed.signal);
  };

  const resetAll = (): void => {
    for (const pair of pairs) reset(pair);
  };
  let server: Server | undefined = await listen(port, accept);
  const stopListening = async (): Promise<void> => {
    const listening = server;
    server = undefined;
    const over = listening && once(listening, 'close');
    listening?.close();
    resetAll();
    await over;
  };

  return {
    port,
    passage: () => passage,
    async set(wanted) {
      passage = wanted;
      if (wanted.kind === 'refused') await stopListening();
      else server ??= await listen(port, accept);
      if (wanted.kind === 'cut') resetAll();
    },
    pointAt(next) {
      target = next;
      resetAll();
    },
    async [Symbol.asyncDispose]() {
      closed.abort();
      await stopListening();
    },
  };
}

/** Passes on what comes from one socket to another, in order, each piece delayed by what holds when it comes. */
function relay(from: Socket, to: Socket, delayMs: () => number, closed: AbortSignal): void {
  let last: Promise<void> = Promise.resolve();
  let underWayBytes = 0;
  const passOn = (write: () => Promise<void>): void => {
    const due = delayMs() > 0 ? sleep(delayMs(), undefined, { signal: closed }).catch(() => undefined) : undefined;
    const before = last;
    last = (async () => {
      await due;
      await before;
      if (!to.destroyed) await write();
    })();
  };
  from.on('data', (piece: Buffer) => {
    underWayBytes += piece.length;
    if (underWayBytes >= underWayMaxBytes) from.pause();
    passOn(async () => {
      await new Promise<void>((resolve) => {
        to.write(piece, () => resolve());
      });
      underWayBytes -= piece.length;
      if (underWayBytes < underWayMaxBytes) from.resume();
    });
  });
  from.on('end', () =>
    passOn(async () => {
      to.end();
    }),
  );
}

function reset(pair: readonly [Socket, Socket]): void {
  for (const socket of pair) socket.resetAndDestroy();
}

async function listen(port: number, accept: (client: Socket) => void): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, accept);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
