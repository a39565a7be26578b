import { describe, expect, it } from 'vitest';
import { defaultSettings, refuseWithoutEffect, shownSettings, withPatch } from './settings.ts';

describe('withPatch', () => {
  it('merges objects key by key, replaces the rest, and null brings the default back', () => {
    const once = withPatch(defaultSettings, {
      stopWords: ['the', 'a', 'the'],
      synonyms: { mug: ['cup'] },
      typoTolerance: { disableOnNumbers: true, minWordSizeForTypos: { oneTypo: 4 } },
    });
    expect(once).toMatchObject({
      stopWords: ['a', 'the'],
      typoTolerance: { enabled: true, disableOnNumbers: true, minWordSizeForTypos: { oneTypo: 4, twoTypos: 9 } },
    });
    const twice = withPatch(once, {
      synonyms: { pot: ['can'] },
      stopWords: null,
      typoTolerance: { minWordSizeForTypos: null },
    });
    expect(twice.synonyms).toEqual({ pot: ['can'] });
    expect(twice.stopWords).toEqual([]);
    expect(twice.typoTolerance).toMatchObject({
      disableOnNumbers: true,
      minWordSizeForTypos: { oneTypo: 5, twoTypos: 9 },
    });
  });
});

describe('refuseWithoutEffect', () => {
  it('lets defaults pass and refuses what the stand-in would keep without acting on it', () => {
    expect(() => refuseWithoutEffect({ distinctAttribute: null, dictionary: [], stopWords: ['the'] })).not.toThrow();
    expect(() => refuseWithoutEffect({ distinctAttribute: 'maker' })).toThrow('distinctAttribute');
    expect(() => refuseWithoutEffect({ synonyms: { 'new york': ['nyc'] } })).toThrow('several words');
    expect(() => refuseWithoutEffect({ filterableAttributes: [{ attributePatterns: ['a'] }] })).toThrow('features');
  });
});

it('shows all settings but two', () => {
  expect(Object.keys(defaultSettings).filter((name) => !(name in shownSettings(defaultSettings)))).toEqual([
    'foreignKeys',
    'chat',
  ]);
});
