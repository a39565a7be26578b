import { expect, test } from 'vitest';
import { restoreSettings } from '../recovery/restore-session.ts';
import { orderOf, sessionOptions } from './peer.ts';

test('the peer gets the settings that our own sessions have', () => {
  const options = sessionOptions(restoreSettings);
  expect(options).toContain('-c synchronous_commit=off -c maintenance_work_mem=256MB');
  expect(options.match(/-c /g)).toHaveLength(restoreSettings.match(/SET /g)?.length ?? 0);
  expect(options).not.toMatch(/[';]/);
});

test('over all rounds each way is at each place equally often, and after each other equally often', () => {
  const rounds = Array.from({ length: 6 }, (_, round) => orderOf(round, 3));
  for (const way of [0, 1, 2]) {
    for (const place of [0, 1, 2]) expect(rounds.filter((order) => order[place] === way)).toHaveLength(2);
    for (const other of [0, 1, 2].filter((one) => one !== way))
      expect(rounds.filter((order) => order.indexOf(way) === order.indexOf(other) + 1)).toHaveLength(2);
  }
});
