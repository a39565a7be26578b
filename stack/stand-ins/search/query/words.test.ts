import { describe, expect, it } from 'vitest';
import { queryWords } from './query-words.ts';
import { wordsOf } from './words.ts';

describe('wordsOf', () => {
  it.each([
    ['Moara din Sighișoara', ['moara', 'din', 'sighisoara']],
    [`l'été, C3-PO & "x_y"`, ['l', 'ete', 'c3', 'po', 'x', 'y']],
    ['İstanbul ÅNGSTRÖM ﬁne', ['istanbul', 'angstrom', 'fine']],
    ['Москва 東京', ['москва', '東京']],
    [' …— ', []],
    [`${'long'.repeat(100)} short`, ['short']],
  ])('%s', (text, words) => expect(wordsOf(text)).toEqual(words));
});

describe('queryWords', () => {
  const parts = (query: string) => {
    const { units, excluded } = queryWords(query, new Set(['the']), true);
    return {
      units: units.map(({ words, phrase, prefix }) => `${phrase ? '"' : ''}${words.join(' ')}${prefix ? '*' : ''}`),
      excluded: excluded.map(({ words }) => words.join(' ')),
    };
  };

  it.each([
    ['blue ket', ['blue', 'ket*'], []],
    ['blue ket ', ['blue', 'ket'], []],
    ['"tea pot" bl', ['"tea pot', 'bl*'], []],
    ['blue "tea pot"', ['blue', '"tea pot'], []],
    ['kettle -blue -"tea pot"', ['kettle'], ['blue', 'tea pot']],
    ['-blue ket', ['ket*'], ['blue']],
    ['ket -blue', ['ket'], ['blue']],
    ['the kettle', ['kettle*'], []],
    ['tea-pot', ['tea', 'pot*'], []],
    ['', [], []],
    ['the', [], []],
    ['a b c d e f g h i j k', 'abcdefghij'.split(''), []],
  ])('%j', (query, units, excluded) => expect(parts(query)).toEqual({ units, excluded }));
});
