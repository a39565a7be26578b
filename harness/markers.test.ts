import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../domain/clock.ts';
import type { MarkerChannel } from '../domain/system.ts';
import { MarkerWriter } from './markers.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firedrill-markers-test-'));
});
afterEach(() => rm(folder, { recursive: true }));

function writerOf(write: MarkerChannel['write'], firstSequence?: number): MarkerWriter {
  const channel: MarkerChannel = { store: 'postgres', path: 'POST /x', write, survivors: async () => [] };
  const journal = join(folder, 'markers.jsonl');
  return new MarkerWriter({
    channels: [channel],
    journal,
    clock: systemClock,
    intervalMs: 1,
    ...(firstSequence && { firstSequence }),
  });
}

test('acknowledged writes are journalled, numbered from 1; what fails is not, and its number is not used again', async () => {
  const sent: number[] = [];
  await using writer = writerOf(async (sequence) => {
    sent.push(sequence);
    if (sequence === 2) throw new Error('refused');
  });
  writer.start();
  await expect.poll(() => writer.acks.length).toBeGreaterThan(2);
  await writer.stop();
  expect(sent.slice(0, 4)).toEqual([1, 2, 3, 4]);
  expect(writer.acks.slice(0, 3).map(({ sequence }) => sequence)).toEqual([1, 3, 4]);
  expect(writer.unanswered('postgres')).toBe(1);
  expect(writer.unanswered('objects')).toBe(0);
  const lines = (await readFile(join(folder, 'markers.jsonl'), 'utf8')).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(writer.acks);
});

test('the first write of a store must be acknowledged', async () => {
  await using writer = writerOf(async () => {
    throw new Error('refused');
  });
  await expect(writer.writeOnce(new AbortController().signal)).rejects.toThrow('refused');
});

test('a second writer can go on with other numbers', async () => {
  await using writer = writerOf(async () => {}, 1_001);
  await writer.writeOnce(new AbortController().signal);
  await writer.writeOnce(new AbortController().signal);
  expect(writer.acks.map(({ sequence }) => sequence)).toEqual([1_001, 1_002]);
  expect(writer.unanswered('postgres')).toBe(0);
});

test('quietly waits for what is under way and lets nothing begin', async () => {
  let underWay = 0;
  await using writer = writerOf(async () => {
    underWay += 1;
    await sleep(5);
    underWay -= 1;
  });
  writer.start();
  await expect.poll(() => writer.acks.length).toBeGreaterThan(1);
  const seen = await writer.quietly(async () => {
    const before = [underWay, writer.acks.length];
    await sleep(40);
    return [...before, underWay, writer.acks.length];
  });
  expect(seen[0]).toBe(0);
  expect(seen[2]).toBe(0);
  expect(seen[3]).toBe(seen[1]);
  const acknowledged = writer.acks.length;
  await expect.poll(() => writer.acks.length).toBeGreaterThan(acknowledged);
});
