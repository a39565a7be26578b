import { describe, expect, it } from 'vitest';
import type { SearchServer } from '../../../domain/service.ts';
import type { Implementation } from '../../../stack/implementations.ts';
import { clientOf, refusalOf, succeeded, things, thingsIndex } from './client.ts';

/** What is left after a crash, and after the data were deleted. */
export function durabilityContract(implementation: Implementation<SearchServer>): void {
  describe('after a crash', () => {
    it('has its documents, settings, keys and tasks again', async () => {
      await using server = await implementation.start();
      const client = clientOf(server.access);
      const index = await thingsIndex(client, 'kept');
      const before = {
        settings: await index.getSettings(),
        keys: await client.getKeys(),
        tasks: await client.tasks.getTasks(),
      };
      await server.kill();
      expect(await server.isRunning()).toBe(false);
      await server.start();
      expect((await index.getDocuments({ limit: 100 })).results).toEqual(things);
      expect((await index.search('kettle', { filter: 'price > 30' })).hits).toEqual([things[0]]);
      expect({
        settings: await index.getSettings(),
        keys: await client.getKeys(),
        tasks: await client.tasks.getTasks(),
      }).toEqual(before);
    });

    it('does all that it had acknowledged, the task that was under way included', async () => {
      await using server = await implementation.start();
      const client = clientOf(server.access);
      const index = client.index<{ id: number }>('acknowledged');
      const sent = [];
      for (let batch = 0; batch < 10; batch++) {
        const documents = Array.from({ length: 500 }, (_, number) => ({
          id: batch * 500 + number,
          text: `word${number} in a batch`,
        }));
        sent.push(await index.addDocuments(documents, { primaryKey: 'id' }));
      }
      await server.kill();
      await server.start();
      for (const task of sent) await succeeded(client.tasks.waitForTask(task));
      expect((await index.getStats()).numberOfDocuments).toBe(5000);
      expect((await index.search('"word499"', { hitsPerPage: 20 })).totalHits).toBe(10);
    });

    it('has nothing when its data were deleted, and says so', async () => {
      await using server = await implementation.start();
      const client = clientOf(server.access);
      await thingsIndex(client, 'lost');
      await server.kill();
      await server.deleteData();
      expect(await server.dataExists()).toBe(false);
      await server.start();
      expect(await refusalOf(client.index('lost').search(''))).toBe('index_not_found');
      expect((await client.getStats()).indexes).toEqual({});
    });
  });
}
