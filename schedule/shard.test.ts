import { expect, test } from 'vitest';
import { parseShard } from './shard.ts';

test('a shard is one of so many', () => {
  expect(parseShard('1/4')).toEqual({ index: 1, count: 4 });
  expect(parseShard('4/4')).toEqual({ index: 4, count: 4 });
});

test.for(['', '1', '0/4', '5/4', '1/0', 'a/b', '1/4/2', '-1/4', '1.5/4', ' 1/4'])('`%s` is none', (text) => {
  expect(() => parseShard(text)).toThrow(/there is no such shard: expected one of so many, as in `1\/4`/);
});
