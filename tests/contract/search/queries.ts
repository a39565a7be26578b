import type { Index, Meilisearch } from 'meilisearch';
import { beforeAll, describe, expect, it } from 'vitest';
import { clientOf, idsOf, refusalOf, thingsIndex, type RunningSearch, type Thing } from './client.ts';

/** Searching: words, typos, filters, order, pages, facets. */
export function queryContract(server: RunningSearch): void {
  describe('search', () => {
    let client: Meilisearch;
    let index: Index<Thing>;
    beforeAll(async () => {
      client = clientOf(server().access);
      index = await thingsIndex(client, 'queries');
    });

    it('finds words, beginnings of the last word, and words without their accents', async () => {
      expect(idsOf(await index.search('teapot'))).toEqual([3]);
      expect(idsOf(await index.search('porcel'))).toEqual([5]);
      expect(idsOf(await index.search('zoe strom'))).toEqual([4]);
      expect(idsOf(await index.search('nothing-like-it'))).toEqual([]);
    });

    it('forgives one typo in a word of five letters, two in one of nine, none in a shorter one', async () => {
      expect(idsOf(await index.search('teapt'))).toEqual([3]);
      expect(idsOf(await index.search('porcalian saucer'))).toEqual([5]);
      expect(idsOf(await index.search('blau'))).toEqual([]);
    });

    it('puts what fits better first: more words, then the earlier attribute', async () => {
      expect(idsOf(await index.search('small kettle'))[0]).toBe(2);
      expect(idsOf(await index.search('berg spoon'))[0]).toBe(6);
      expect(new Set(idsOf(await index.search('kettle', { matchingStrategy: 'all' })))).toEqual(new Set([1, 2, 4]));
    });

    it('knows synonyms and phrases', async () => {
      expect(idsOf(await index.search('mug'))).toEqual([4]);
      expect(idsOf(await index.search('"copper kettle"'))).toEqual([1]);
      expect(idsOf(await index.search('"kettle copper"'))).toEqual([]);
    });

    const filters: [string | (string | string[])[], number[]][] = [
      ['kind = kettle', [1, 2]],
      ['kind = KETTLE', [1, 2]],
      ['kind != kettle', [3, 4, 5, 6]],
      ['price > 25 AND price <= 40', [1, 3]],
      ['price 20 TO 35', [2, 3]],
      ['kind IN [cup, "saucer"]', [4, 5]],
      ['kind NOT IN [cup, saucer]', [1, 2, 3, 6]],
      ['price EXISTS', [1, 2, 3, 4, 5]],
      ['price NOT EXISTS', [6]],
      ['price IS NULL', [5]],
      ['price IS NOT NULL', [1, 2, 3, 4, 6]],
      ['colours IS EMPTY', [4]],
      ['colours = white', [2, 5]],
      ['inStock = true AND NOT (kind = cup OR kind = saucer)', [1, 3]],
      [[['kind = cup', 'kind = spoon'], 'inStock = true'], [4]],
      ['kind STARTS WITH s', [5, 6]],
    ];
    it.each(filters)('filter %j', async (filter, expected) => {
      expect(idsOf(await index.search('', { filter })).toSorted((a, b) => a - b)).toEqual(expected);
    });

    it('sorts by numbers and texts; what has no value comes last', async () => {
      expect(idsOf(await index.search('', { sort: ['price:desc'] })).slice(0, 4)).toEqual([1, 3, 2, 4]);
      expect(idsOf(await index.search('', { sort: ['price:asc'] })).slice(0, 4)).toEqual([4, 2, 3, 1]);
      expect(idsOf(await index.search('', { sort: ['name:asc'], limit: 2 }))).toEqual([3, 1]);
    });

    it('pages, selects attributes and counts', async () => {
      const page = await index.search('', { hitsPerPage: 4, page: 2, attributesToRetrieve: ['id'] });
      expect(page).toMatchObject({ hits: [{ id: 5 }, { id: 6 }], page: 2, totalPages: 2, totalHits: 6 });
      const part = await index.search('kettle', { limit: 1, offset: 1 });
      expect(part).toMatchObject({ limit: 1, offset: 1, estimatedTotalHits: 3 });
      expect(part.hits).toHaveLength(1);
    });

    it('spreads facets over what was found', async () => {
      const { facetDistribution, facetStats } = await index.search('', {
        facets: ['kind', 'price'],
        filter: 'inStock = true',
      });
      expect(facetDistribution?.['kind']).toEqual({ cup: 1, kettle: 1, saucer: 1, teapot: 1 });
      expect(facetStats?.['price']).toEqual({ min: 8, max: 40 });
    });

    it('answers several searches at once', async () => {
      const { results } = await client.multiSearch<{ queries: { indexUid: string; q: string }[] }, Thing>({
        queries: [
          { indexUid: 'queries', q: 'spoon' },
          { indexUid: 'queries', q: 'teapot' },
        ],
      });
      expect(results.map(idsOf)).toEqual([[6], [3]]);
    });

    it('refuses a wrong filter, a wrong order, and a missing index', async () => {
      expect(await refusalOf(index.search('', { filter: 'kind =' }))).toBe('invalid_search_filter');
      expect(await refusalOf(index.search('', { filter: 'maker = "Anna Berg"' }))).toBe('invalid_search_filter');
      expect(await refusalOf(index.search('', { sort: ['maker:asc'] }))).toBe('invalid_search_sort');
      expect(await refusalOf(index.search('', { sort: ['price'] }))).toBe('invalid_search_sort');
      expect(await refusalOf(client.index('not-there').search(''))).toBe('index_not_found');
    });
  });
}
