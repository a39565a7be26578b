import { describe, expect, test } from 'vitest';
import type { EditedDocument, SearchByHttp } from '../domain/search-by-http.ts';
import { judgeEdits, judgeKeysByHttp, judgeSettingsByHttp } from './search-by-http.ts';

const before: SearchByHttp = {
  settings: { works: { stopWords: '[]', typoTolerance: '{"enabled":true}' } },
  keys: {
    k1: { name: '"Storefront"', actions: '["search"]', indexes: '["works"]', secret: 'aa' },
    k2: { name: '"Default Search API Key"', actions: '["search"]', indexes: '["*"]', secret: 'bb' },
  },
};
const with_ = (part: Partial<SearchByHttp>): SearchByHttp => ({ ...before, ...part });

describe('search.settings-by-http', () => {
  test('passes for the same settings', () => {
    expect(judgeSettingsByHttp(before, before)).toMatchObject({ check: 'search.settings-by-http', verdict: 'pass' });
  });
  test('is red for each setting that a reindexing has reset, one that is new or gone, and names it', () => {
    const reset = with_({ settings: { works: { stopWords: '[]', typoTolerance: '{"enabled":false}', facets: '1' } } });
    expect(judgeSettingsByHttp(before, reset).evidence).toEqual([
      'the index works: typoTolerance is other than before',
      'the index works: facets is other than before',
    ]);
    expect(judgeSettingsByHttp(before, with_({ settings: {} })).evidence).toEqual(['the index works is missing']);
    expect(judgeSettingsByHttp(with_({ settings: {} }), before).verdict).toBe('fail');
  });
});

describe('search.keys-by-http', () => {
  test('passes for the same keys', () => {
    expect(judgeKeysByHttp(before, before, { madeAnew: false })).toMatchObject({
      check: 'search.keys-by-http',
      verdict: 'pass',
    });
  });
  test('is red for other rights, another secret, a key that is gone and one that is new', () => {
    const { k1, k2 } = before.keys as { k1: Record<string, string>; k2: Record<string, string> };
    const told = (keys: SearchByHttp['keys']): string[] | undefined =>
      judgeKeysByHttp(before, with_({ keys }), { madeAnew: false }).evidence;
    expect(told({ k1: { ...k1, actions: '["*"]' }, k2 })).toEqual(['the key k1: actions is other than before']);
    expect(told({ k1: { ...k1, secret: 'zz' }, k2 })).toEqual(['the key k1: secret is other than before']);
    expect(told({ k2 })).toEqual(['the key k1 is missing']);
    expect(told({ k1, k2, k3: k1 })).toEqual(['the key k3 is new']);
  });
  test("does not ask for the server's own keys where it was made anew, and only there", () => {
    const now = with_({ keys: { k1: before.keys['k1']!, k9: { ...before.keys['k2']!, secret: 'cc' } } });
    expect(judgeKeysByHttp(before, now, { madeAnew: true }).verdict).toBe('pass');
    expect(judgeKeysByHttp(before, now, { madeAnew: false }).verdict).toBe('fail');
    expect(judgeKeysByHttp(with_({ keys: {} }), with_({ keys: {} }), { madeAnew: true }).verdict).toBe('fail');
  });
});

describe('search.edits', () => {
  const edits: EditedDocument[] = [
    { index: 'works', id: '1', kind: 'changed', before: '{"title":"a"}', after: '{"title":"b"}' },
    { index: 'works', id: '2', kind: 'deleted', before: '{"title":"c"}', after: 'absent' },
  ];
  test('passes where the index is as the database: with the edits where it survived, without where it was restored', () => {
    expect(judgeEdits(edits, ['{"title":"b"}', 'absent'], 'survived')).toMatchObject({
      check: 'search.edits',
      verdict: 'pass',
    });
    expect(judgeEdits(edits, ['{"title":"a"}', '{"title":"c"}'], 'restored').verdict).toBe('pass');
  });
  test('is red where a row that was changed or deleted since the backup was missed by the catch-up', () => {
    expect(judgeEdits(edits, ['{"title":"a"}', 'absent'], 'survived').evidence).toHaveLength(1);
    expect(judgeEdits(edits, ['{"title":"b"}', '{"title":"c"}'], 'survived').evidence).toEqual([
      'works/2, deleted since the backup: there, with its content, must be absent',
    ]);
    expect(judgeEdits(edits, ['{"title":"b"}', 'absent'], 'restored').evidence).toHaveLength(2);
    expect(judgeEdits(edits, [], 'survived').verdict).toBe('fail');
  });
  test('is red where the drill has no row that was changed, or none that was deleted', () => {
    expect(judgeEdits([], [], 'survived').verdict).toBe('fail');
    expect(judgeEdits(edits.slice(1), ['absent'], 'survived').verdict).toBe('fail');
  });
});
