import { assert, nat, property, stringMatching } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../settings.ts';
import { editDistance, firstLetterTypos, typosAllowed } from './typo.ts';

const tolerance = defaultSettings.typoTolerance;

describe('typosAllowed', () => {
  it.each([
    ['four', 0],
    ['fiver', 1],
    ['eightlet', 1],
    ['ninelette', 2],
    ['ășțîâ', 1],
    ['😀😀😀😀', 0],
  ])('%s: %i', (word, typos) => expect(typosAllowed(word, tolerance)).toBe(typos));

  it('follows the settings', () => {
    expect(typosAllowed('ninelette', { ...tolerance, enabled: false })).toBe(0);
    expect(typosAllowed('ninelette', { ...tolerance, disableOnWords: ['ninelette'] })).toBe(0);
    expect(typosAllowed('123456789', { ...tolerance, disableOnNumbers: true })).toBe(0);
    expect(typosAllowed('123456789', tolerance)).toBe(2);
    expect(typosAllowed('four', { ...tolerance, minWordSizeForTypos: { oneTypo: 4, twoTypos: 9 } })).toBe(1);
  });
});

describe('editDistance', () => {
  it.each([
    ['kettle', 'kettle', 0],
    ['kettle', 'ketle', 1],
    ['kettle', 'kettles', 1],
    ['kettle', 'kattle', 1],
    ['kettle', 'ektlte', 2],
    ['kettle', 'ktetle', 1],
    ['', 'ab', 2],
  ])('%s to %s is %i', (word, term, distance) => expect(editDistance(word, term, 2)).toBe(distance));

  it('gives up beyond the limit', () => {
    expect(editDistance('kettle', 'saucer', 2)).toBeUndefined();
    expect(editDistance('kettle', 'kettles', 0)).toBeUndefined();
    expect(editDistance('kettle', 'kettlestand', 2)).toBeUndefined();
  });

  it('looks only at the nearest beginning of a term when asked to', () => {
    expect(editDistance('kettle', 'kettlestand', 2, true)).toBe(0);
    expect(editDistance('ketle', 'kettlestand', 2, true)).toBe(1);
    expect(editDistance('kettle', 'ket', 2, true)).toBeUndefined();
  });

  it('is the same both ways, 0 only for the same word, and no more than the edits that were made', () => {
    const word = stringMatching(/^[abc]{0,8}$/);
    assert(
      property(word, word, (one, other) => {
        const distance = editDistance(one, other, 8);
        expect(editDistance(other, one, 8)).toBe(distance);
        expect(distance === 0).toBe(one === other);
      }),
    );
    assert(
      property(word, nat(8), (one, at) => {
        const cut = one.slice(0, at) + one.slice(at + 1);
        expect(editDistance(one, cut, 1)).toBe(cut === one ? 0 : 1);
      }),
    );
  });
});

describe('firstLetterTypos', () => {
  it('makes every text that is one edit of the first letter away, and none that keeps that letter', () => {
    const alphabet = 'abcdk'.split('');
    const made = firstLetterTypos('kettle', alphabet);
    expect(made).toEqual(expect.arrayContaining(['ettle', 'ekttle', 'bettle', 'akettle']));
    for (const text of made) {
      expect(editDistance('kettle', text, 1)).toBe(1);
      expect(text.startsWith('k')).toBe(false);
    }
  });
});
