import { describe, expect, it } from 'vitest';
import { covers, emptyLeaf, leavesOf, selectAttributes } from './json.ts';

describe('leavesOf', () => {
  it('finds every leaf with its path', () => {
    const document = {
      id: 1,
      maker: { name: 'Anna', towns: ['Oslo', 'Bonn'] },
      tags: [],
      note: '',
      gone: null,
      parts: [{ n: 1 }, { n: 2 }],
    };
    expect([...leavesOf(document)]).toEqual([
      { path: 'id', leaf: 1 },
      { path: 'maker.name', leaf: 'Anna' },
      { path: 'maker.towns', leaf: 'Oslo' },
      { path: 'maker.towns', leaf: 'Bonn' },
      { path: 'tags', leaf: emptyLeaf },
      { path: 'note', leaf: emptyLeaf },
      { path: 'gone', leaf: null },
      { path: 'parts.n', leaf: 1 },
      { path: 'parts.n', leaf: 2 },
    ]);
  });
});

describe('covers', () => {
  it.each([
    ['a', 'a', true],
    ['a', 'a.b', true],
    ['a', 'ab', false],
    ['*', 'anything', true],
    ['pre*', 'prefix', true],
    ['*_ro', 'title_ro', true],
    ['a.b', 'a', false],
  ])('%s and %s: %s', (pattern, path, answer) => expect(covers(pattern, path)).toBe(answer));
});

describe('selectAttributes', () => {
  it('keeps what is named and the objects around it', () => {
    const document = { id: 1, maker: { name: 'Anna', town: 'Oslo' }, price: 3 };
    expect(selectAttributes(document, ['id', 'maker.name'])).toEqual({ id: 1, maker: { name: 'Anna' } });
    expect(selectAttributes(document, ['*'])).toBe(document);
  });
});
