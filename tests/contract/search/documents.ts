import { describe, expect, it } from 'vitest';
import { clientOf, refusalOf, succeeded, things, thingsIndex, type RunningSearch, type Thing } from './client.ts';

/** Indexes, settings and documents. */
export function documentContract(server: RunningSearch): void {
  describe('indexes and documents', () => {
    it('creates, lists, swaps and deletes indexes', async () => {
      const client = clientOf(server().access);
      await thingsIndex(client, 'swap-one');
      await succeeded(client.createIndex('swap-two', { primaryKey: 'id' }).waitTask());
      await succeeded(client.swapIndexes([{ indexes: ['swap-one', 'swap-two'], rename: false }]).waitTask());
      expect((await client.index('swap-two').getStats()).numberOfDocuments).toBe(things.length);
      expect((await client.index('swap-one').getStats()).numberOfDocuments).toBe(0);
      const { results } = await client.getRawIndexes({ limit: 1000 });
      expect(results.map(({ uid }) => uid)).toEqual(expect.arrayContaining(['swap-one', 'swap-two']));
      await succeeded(client.deleteIndex('swap-one').waitTask());
      expect(await refusalOf(client.getRawIndex('swap-one'))).toBe('index_not_found');
      expect((await client.getRawIndex('swap-two')).primaryKey).toBe('id');
    });

    it('keeps settings and sets them back', async () => {
      const index = await thingsIndex(clientOf(server().access), 'settings');
      const defaults = { enabled: true, minWordSizeForTypos: { oneTypo: 5, twoTypos: 9 } };
      expect(await index.getTypoTolerance()).toMatchObject(defaults);
      await succeeded(index.updateTypoTolerance({ minWordSizeForTypos: { oneTypo: 6 } }).waitTask());
      expect(await index.getTypoTolerance()).toMatchObject({ minWordSizeForTypos: { oneTypo: 6, twoTypos: 9 } });
      await succeeded(index.updateSortableAttributes(['price']).waitTask());
      expect(await index.getSortableAttributes()).toEqual(['price']);
      await succeeded(index.resetStopWords().waitTask());
      expect(await index.getStopWords()).toEqual([]);
      await succeeded(index.resetSettings().waitTask());
      expect(await index.getSettings()).toMatchObject({
        searchableAttributes: ['*'],
        sortableAttributes: [],
        typoTolerance: defaults,
      });
    });

    it('replaces and updates documents', async () => {
      const index = await thingsIndex(clientOf(server().access), 'changes');
      await succeeded(index.addDocuments([{ id: 1, name: 'Iron kettle' }]).waitTask());
      expect(await index.getDocument(1)).toEqual({ id: 1, name: 'Iron kettle' });
      await succeeded(index.updateDocuments([{ id: 2, price: 26 }]).waitTask());
      expect(await index.getDocument(2)).toEqual({ ...things[1], price: 26 });
      expect((await index.search('copper')).hits).toEqual([]);
      expect((await index.search('iron')).hits).toHaveLength(1);
      expect(await refusalOf(index.getDocument(99))).toBe('document_not_found');
    });

    it('pages, selects fields, filters and picks documents by their ids', async () => {
      const index = await thingsIndex(clientOf(server().access), 'pages');
      const page = await index.getDocuments({ offset: 1, limit: 2, fields: ['id', 'name'] });
      expect(page).toEqual({
        results: things.slice(1, 3).map(({ id, name }) => ({ id, name })),
        offset: 1,
        limit: 2,
        total: things.length,
      });
      const kettles = await index.getDocuments({ filter: 'kind = kettle', fields: ['id'] });
      expect(kettles.results).toEqual([{ id: 1 }, { id: 2 }]);
      const picked = await index.getDocuments({ ids: [6, 3], fields: ['id'] });
      expect(new Set(picked.results.map(({ id }) => id))).toEqual(new Set([3, 6]));
    });

    it('deletes one document, several, those of a filter, and all', async () => {
      const index = await thingsIndex(clientOf(server().access), 'deletions');
      const left = async (): Promise<number[]> =>
        (await index.getDocuments({ fields: ['id'] })).results.map(({ id }) => id as number);
      await succeeded(index.deleteDocument(1).waitTask());
      expect(await left()).toEqual([2, 3, 4, 5, 6]);
      await succeeded(index.deleteDocuments([2, 77]).waitTask());
      expect(await left()).toEqual([3, 4, 5, 6]);
      await succeeded(index.deleteDocuments({ filter: 'inStock = true AND price > 10' }).waitTask());
      expect(await left()).toEqual([4, 5, 6]);
      expect((await index.search('teapot')).hits).toEqual([]);
      await succeeded(index.deleteAllDocuments().waitTask());
      expect(await left()).toEqual([]);
      expect((await index.search('cup')).hits).toEqual([]);
    });

    it('takes 5,000 documents in batches and counts their fields', async () => {
      const client = clientOf(server().access);
      const index = client.index<Thing>('many');
      const many = Array.from({ length: 5000 }, (_, number): Thing => ({
        id: number + 1,
        name: `Thing ${number + 1}`,
        kind: number % 2 === 0 ? 'even' : 'odd',
      }));
      await succeeded(client.createIndex('many', { primaryKey: 'id' }).waitTask());
      await succeeded(index.updateFilterableAttributes(['kind']).waitTask());
      for (const batch of index.addDocumentsInBatches(many, 1000)) await succeeded(batch.waitTask());
      const { numberOfDocuments, fieldDistribution } = await index.getStats();
      expect({ numberOfDocuments, fieldDistribution }).toEqual({
        numberOfDocuments: 5000,
        fieldDistribution: { id: 5000, kind: 5000, name: 5000 },
      });
      const seen = new Set<number>();
      for (let offset = 0; offset < 5000; offset += 1000) {
        const { results } = await index.getDocuments({ offset, limit: 1000, fields: ['id'] });
        for (const { id } of results) seen.add(id as number);
      }
      expect(seen.size).toBe(5000);
      expect((await index.search('', { filter: 'kind = odd', hitsPerPage: 1 })).totalPages).toBe(1000);
      expect((await index.search('4321')).hits).toEqual([many[4320]]);
    });

    it('keeps texts as they are, whatever is in them', async () => {
      const client = clientOf(server().access);
      const name = 'line\nfeed, "quotes", \\ back, \u2028 separator, \u0000 nul, 😀 and ș';
      await succeeded(
        client
          .index('odd-texts')
          .addDocuments([{ id: 'a-1', name }], { primaryKey: 'id' })
          .waitTask(),
      );
      expect(await client.index('odd-texts').getDocument('a-1')).toEqual({ id: 'a-1', name });
    });
  });
}
