import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { RowQueue, WaitingRoom } from './row-queue.ts';

const kilobyte = 1024;
const room = (): WaitingRoom => new WaitingRoom(4 * 256 * kilobyte);

test('what is pushed comes out in its order, small chunks joined', async () => {
  const queue = new RowQueue(room());
  for (const text of ['a\n', 'b\n']) await queue.push(Buffer.from(text));
  await queue.push(Buffer.alloc(300 * kilobyte, 'c'));
  queue.end();
  const chunks: string[] = [];
  for await (const chunk of queue) chunks.push(chunk.toString());
  expect(chunks).toEqual(['a\nb\n', 'c'.repeat(300 * kilobyte)]);
});

test('a large row takes the room of its size: the next waits until it has left, and then it comes', async () => {
  const queue = new RowQueue(room());
  // Three of four places.
  await queue.push(Buffer.alloc(700 * kilobyte, 'a'));
  let entered = false;
  const second = queue.push(Buffer.alloc(700 * kilobyte, 'b')).then(() => (entered = true));
  await setImmediate();
  expect(entered).toBe(false);
  const rows = queue[Symbol.asyncIterator]();
  expect((await rows.next()).value?.[0]).toBe('a'.charCodeAt(0));
  await setImmediate();
  // Still in use: its reader has not asked for the next.
  expect(entered).toBe(false);
  expect((await rows.next()).value?.[0]).toBe('b'.charCodeAt(0));
  await second;
});

test('a row that is larger than the room waits until it is alone, and small ones fit again after it', async () => {
  const waiting = room();
  const queue = new RowQueue(waiting);
  const pushed = (async () => {
    await queue.push(Buffer.from('a\n'));
    await queue.push(Buffer.alloc(5_000 * kilobyte, 'b'));
    for (let count = 0; count < 20; count += 1) await queue.push(Buffer.alloc(200 * kilobyte, 'c'));
    queue.end();
  })();
  const lengths: number[] = [];
  for await (const chunk of queue) lengths.push(chunk.length);
  await pushed;
  expect(lengths.slice(0, 2)).toEqual([2, 5_000 * kilobyte]);
  expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(2 + 9_000 * kilobyte);
});
