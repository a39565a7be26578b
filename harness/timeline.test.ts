import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Clock } from '../domain/clock.ts';
import { Timeline } from './timeline.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firedrill-timeline-test-'));
});
afterEach(() => rm(folder, { recursive: true }));

function timelineAt(): { timeline: Timeline; lines: string[]; file: string; clock: Clock & { atMs: number } } {
  const clock = {
    atMs: 0,
    now: () => new Date('2026-01-02T03:04:05Z'),
    monotonicMs(): number {
      return this.atMs;
    },
  };
  const lines: string[] = [];
  const file = join(folder, 'timeline.jsonl');
  return { timeline: new Timeline({ clock, file, print: (line) => lines.push(line) }), lines, file, clock };
}

test('an event is in the file, in memory and on screen at once, numbered without gaps', async () => {
  const { timeline, lines, file, clock } = timelineAt();
  timeline.add({ phase: 'start', kind: 'start', message: 'Start' });
  clock.atMs = 1_234.4;
  timeline.add({ phase: 'start', kind: 'ok', message: 'Start', durationMs: 1_234.4 });
  const written = (await readFile(file, 'utf8')).trimEnd().split('\n');
  expect(written.map((line) => JSON.parse(line) as unknown)).toEqual(timeline.events);
  expect(timeline.events).toMatchObject([
    { sequence: 1, elapsedMs: 0, at: '2026-01-02T03:04:05.000Z' },
    { sequence: 2, elapsedMs: 1_234, durationMs: 1_234 },
  ]);
  expect(lines[1]).toBe('    1.2 s  start        ✔ Start  (1.2s)');
});

test('progress of a long step shows now and then, and stays out of the timeline', () => {
  const { timeline, lines, clock } = timelineAt();
  const progress = timeline.progress('seed');
  progress.advance(10, 200, 'rows');
  clock.atMs = 2_500;
  progress.advance(50, 200, 'rows');
  progress.advance(60, 200, 'rows');
  clock.atMs = 6_000;
  progress.advance(150, undefined, 'rows');
  expect(lines).toEqual(['    2.5 s  seed         … 50 of 200 (25 %) rows', '    6.0 s  seed         … 150 rows']);
  expect(timeline.events).toEqual([]);
});
