import { expect, test } from 'vitest';
import type { TimelineEvent } from '../domain/timeline.ts';
import { Screen, screenSchema, type ScreenOptions } from './screen.ts';

function screenOf(options: Partial<ScreenOptions> = {}) {
  const lines: string[] = [];
  const overwritten: string[] = [];
  const print = Object.assign((line: string) => void lines.push(line), {
    overwrite: (text: string) => void overwritten.push(text),
  });
  const clock = { ms: 0 };
  const screen = new Screen({ ...screenSchema.parse({}), ...options }, { print, elapsedMs: () => clock.ms });
  const event = (kind: TimelineEvent['kind'], message: string, more: Partial<TimelineEvent> = {}): TimelineEvent => ({
    sequence: 1,
    at: '2026-01-02T03:04:05.000Z',
    elapsedMs: clock.ms,
    phase: 'verify',
    kind,
    message,
    ...more,
  });
  const skip = (title: string, reason: string): void =>
    screen.event(event('skip', `${title}: ${reason}`), { title, reason });
  return { screen, lines, overwritten, clock, event, skip };
}

test('steps in a row that were skipped for one reason are one line', () => {
  const { screen, lines, event, skip } = screenOf();
  for (const title of ['Restore', 'Verify', 'Resume']) skip(title, '“Assess” failed before it');
  skip('Mask', 'nothing is handed over');
  screen.event(event('start', 'Clean up'));
  expect(lines).toEqual([
    '    0.0 s  verify       – 3 steps, “Restore” to “Resume”: “Assess” failed before it',
    '    0.0 s  verify       – Mask: nothing is handed over',
    '    0.0 s  verify       ▶ Clean up',
  ]);
});

test('skipped steps at the end of a run are told, too', () => {
  const { screen, lines, skip } = screenOf();
  skip('Clean up', 'it was asked to keep everything');
  expect(lines).toEqual([]);
  screen.end();
  expect(lines).toEqual(['    0.0 s  verify       – Clean up: it was asked to keep everything']);
});

test('on a terminal the step that runs has one line, which shows how far it is and goes away', () => {
  const { screen, lines, overwritten, clock, event } = screenOf({ liveColumns: 60 });
  screen.event(event('start', 'Sustained smoke'));
  expect(lines).toEqual([]);
  expect(overwritten.at(-1)).toBe('\r\u001B[2K    0.0 s  verify       … Sustained smoke');
  clock.ms = 8_000;
  screen.progress('verify', '1,200 of 2,800 (42 %) requests');
  screen.event(event('info', 'half of it'));
  expect(lines).toEqual(['\r\u001B[2K    8.0 s  verify       · half of it']);
  expect(overwritten.at(-1)).toBe('\r\u001B[2K    8.0 s  verify       … Sustained smoke: 1,200 of 2,800 …');
  screen.event(event('ok', 'Sustained smoke', { durationMs: 8_000 }));
  expect(overwritten.at(-1)).toBe('\r\u001B[2K');
  expect(lines.at(-1)).toBe('    8.0 s  verify       ✔ Sustained smoke  (8s)');
});

test('where every line stays, progress shows now and then', () => {
  const { screen, lines, clock, event } = screenOf();
  screen.event(event('start', 'Restore'));
  screen.progress('verify', '1 of 9 tables');
  clock.ms = 2_500;
  screen.progress('verify', '4 of 9 tables');
  screen.progress('verify', '5 of 9 tables');
  expect(lines).toEqual(['    0.0 s  verify       ▶ Restore', '    2.5 s  verify       … 4 of 9 tables']);
});

test('quiet tells what is red alone', () => {
  const { screen, lines, clock, event, skip } = screenOf({ quiet: true, liveColumns: 80 });
  screen.event(event('start', 'Restore'));
  clock.ms = 9_000;
  screen.progress('verify', '4 of 9 tables');
  screen.event(event('ok', 'Restore'));
  skip('Verify', 'no reason');
  screen.event(event('fail', 'Smoke'));
  screen.end();
  expect(lines).toEqual(['    9.0 s  verify       ✘ Smoke']);
});

test.for(['ok', 'fail', 'info'] as const)('%s has a colour where there is colour, and none elsewhere', (kind) => {
  const plain = screenOf();
  plain.screen.event(plain.event(kind, 'Restore'));
  const coloured = screenOf({ colour: true });
  coloured.screen.event(coloured.event(kind, 'Restore'));
  expect(plain.lines[0]).not.toContain('\u001B');
  expect(coloured.lines[0]?.split('\u001B[')).toHaveLength(3);
});
