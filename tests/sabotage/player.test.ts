import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { systemClock } from '../../domain/clock.ts';
import { globalState, leftSince } from './global-state.ts';
import { Players } from './player.ts';

const fakePlayer = fileURLToPath(new URL('player.test-data.ts', import.meta.url));

async function errorOf(players: Players, sabotage: string): Promise<string> {
  const options = { sabotage, out: '/nowhere' };
  const told = await players.play({ drill: 'db-loss', options, untilCaught: true }).then(
    () => 'played',
    (error: unknown) => String(error),
  );
  return told;
}

test('a process that dies fails the sabotage that was on, by name and with what it said, and no other', async () => {
  await using players = new Players(fakePlayer);
  expect(await errorOf(players, 'first')).toMatch(/db-loss --sabotage first: refused first\npid \d+/);
  const thrown = await errorOf(players, 'throws');
  expect(thrown).toContain('db-loss --sabotage throws: the process that played it ended, exit code 1');
  expect(thrown).toContain('a bug in a timer');
  expect(thrown).toContain('what it left was removed');
  expect(await errorOf(players, 'second')).toContain('db-loss --sabotage second: refused second');
  expect(await errorOf(players, 'exits')).toContain('--sabotage exits: the process that played it ended, exit code 7');
  expect(await errorOf(players, 'is-killed')).toContain(
    '--sabotage is-killed: the process that played it ended, SIGKILL',
  );
  expect(await errorOf(players, 'third')).toContain('refused third');
});

test('one process plays one after the other; side by side there are as many as are needed', async () => {
  await using players = new Players(fakePlayer);
  const pidOf = (told: string): string => /pid (\d+)/.exec(told)?.[1] ?? told;
  const first = pidOf(await errorOf(players, 'a'));
  expect(pidOf(await errorOf(players, 'b'))).toBe(first);
  const both = await Promise.all([errorOf(players, 'c'), errorOf(players, 'd')]);
  expect(new Set(both.map(pidOf)).size).toBe(2);
});

test('what a run leaves in its process is named: variables, listeners, timers', async () => {
  const before = globalState();
  expect(await leftSince(before, systemClock)).toEqual([]);
  // Ten, since the test runner's own timers end while this one waits: with one more here, the count can stay as it was.
  const timers = Array.from({ length: 10 }, () => setInterval(() => undefined, 60_000));
  const listen = (): void => undefined;
  process.on('SIGUSR2', listen);
  process.env['FIREDRILL_LEFT'] = '1';
  const left = await leftSince(before, systemClock, 50);
  for (const timer of timers) clearInterval(timer);
  process.off('SIGUSR2', listen);
  delete process.env['FIREDRILL_LEFT'];
  expect(left).toContain('environment: FIREDRILL_LEFT');
  expect(left).toContainEqual(expect.stringMatching(/^listeners: \d+ SIGUSR2, \d+ before$/));
  expect(left).toContainEqual(expect.stringMatching(/^resources: \d+ Timeout, \d+ before$/));
});
