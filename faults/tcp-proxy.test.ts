import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock, timed } from '../domain/clock.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

let echo: Server;
let proxy: TcpProxy;

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

beforeEach(async () => {
  echo = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  const { port } = echo.address() as AddressInfo;
  proxy = await startTcpProxy({ target: { host: '127.0.0.1', port }, port: await freePort() });
});
afterEach(async () => {
  await proxy[Symbol.asyncDispose]();
  echo.close();
  await once(echo, 'close');
});

const client = (): Socket => connect({ host: '127.0.0.1', port: proxy.port, allowHalfOpen: true });

/** What comes back of the bytes, to the end of the connection. */
async function sent(bytes: Buffer): Promise<Buffer> {
  const socket = client();
  socket.end(bytes);
  return buffer(socket);
}

/** The code of the error that a word sent to the other end comes to; `answer` when it comes back. */
async function outcome(socket = client()): Promise<string> {
  socket.write('word');
  const answer = once(socket, 'data').then(
    () => 'answer',
    (error: NodeJS.ErrnoException) => error.code ?? error.message,
  );
  const what = await answer;
  socket.destroy();
  return what;
}

it('passes everything on unchanged, in both directions, to the end of the connection', async () => {
  const bytes = randomBytes(5 * 1024 ** 2);
  const [one, other] = await Promise.all([sent(bytes), sent(Buffer.from('short'))]);
  expect(one.equals(bytes)).toBe(true);
  expect(other.toString()).toBe('short');
});

it('lets each piece arrive later, in order and whole, also when the delay ends on the way', async () => {
  await proxy.set({ kind: 'slow', delayMs: 100 });
  const { durationMs } = await timed(systemClock, () => sent(Buffer.from('word')));
  expect(durationMs).toBeGreaterThanOrEqual(195);
  const bytes = randomBytes(5 * 1024 ** 2);
  const coming = sent(bytes);
  setTimeout(() => void proxy.set({ kind: 'open' }), 150);
  expect((await coming).equals(bytes)).toBe(true);
});

it('refuses connections, resets those that were there, and takes new ones on the same port again', async () => {
  const before = client();
  before.write('x');
  await once(before, 'data');
  const lost = once(before, 'data').catch((error: NodeJS.ErrnoException) => error.code);
  await proxy.set({ kind: 'refused' });
  await proxy.set({ kind: 'refused' });
  expect(await lost).toBe('ECONNRESET');
  expect(await outcome()).toBe('ECONNREFUSED');
  await proxy.set({ kind: 'open' });
  expect(await outcome()).toBe('answer');
});

it('takes connections and resets them before an answer, and those that were there at once', async () => {
  const before = client();
  before.write('x');
  await once(before, 'data');
  const lost = once(before, 'data').catch((error: NodeJS.ErrnoException) => error.code);
  await proxy.set({ kind: 'cut' });
  expect(await lost).toBe('ECONNRESET');
  expect(await outcome()).toBe('ECONNRESET');
  await proxy.set({ kind: 'open' });
  expect(await outcome()).toBe('answer');
});

it('resets the client when nobody answers behind it', async () => {
  const port = await freePort();
  await using orphan = await startTcpProxy({ target: { host: '127.0.0.1', port: await freePort() }, port });
  expect(await outcome(connect({ host: '127.0.0.1', port: orphan.port }))).toBe('ECONNRESET');
});

it('ends at once and frees its port when disposed, with a delayed piece under way', async () => {
  await proxy.set({ kind: 'slow', delayMs: 60_000 });
  const hanging = outcome();
  await new Promise((resolve) => setTimeout(resolve, 50));
  const { durationMs } = await timed(systemClock, async () => proxy[Symbol.asyncDispose]());
  expect(durationMs).toBeLessThan(2_000);
  expect(await hanging).toBe('ECONNRESET');
  expect(await outcome()).toBe('ECONNREFUSED');
});

it('pointed at another target, it resets what was there and passes new connections on to that', async () => {
  const other = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.end('elsewhere');
  });
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  try {
    const open = client();
    open.write('word');
    await once(open, 'data');
    // `once` of another event would reject on the reset.
    const lost = once(open, 'error');
    proxy.pointAt({ host: '127.0.0.1', port: (other.address() as AddressInfo).port });
    expect(await lost).toMatchObject([{ code: 'ECONNRESET' }]);
    expect((await sent(Buffer.from('word'))).toString()).toBe('elsewhere');
  } finally {
    other.close();
  }
});
