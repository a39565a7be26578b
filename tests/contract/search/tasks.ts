import { describe, expect, it } from 'vitest';
import { clientOf, refusalOf, succeeded, thingsIndex, type RunningSearch } from './client.ts';

/** The queue of tasks. */
export function taskContract(server: RunningSearch): void {
  describe('tasks', () => {
    it('waiting for a task that failed tells why', async () => {
      const client = clientOf(server().access);
      await succeeded(client.createIndex('failing', { primaryKey: 'id' }).waitTask());
      const task = await client
        .index('failing')
        .addDocuments([{ name: 'without an id' }])
        .waitTask();
      expect(task).toMatchObject({ status: 'failed', error: { code: 'missing_document_id', type: 'invalid_request' } });
      expect(task.details).toMatchObject({ receivedDocuments: 1, indexedDocuments: 0 });
    });

    it('writes all documents of a task or none', async () => {
      const client = clientOf(server().access);
      const index = await thingsIndex(client, 'all-or-none');
      const task = await index.addDocuments([{ id: 50, name: 'fine' }, { name: 'not fine' } as never]).waitTask();
      expect(task.status).toBe('failed');
      expect(await refusalOf(index.getDocument(50))).toBe('document_not_found');
    });

    it('an index that exists cannot be created again, one that is missing cannot be deleted', async () => {
      const client = clientOf(server().access);
      await succeeded(client.createIndex('once').waitTask());
      expect((await client.createIndex('once').waitTask()).error?.code).toBe('index_already_exists');
      expect((await client.deleteIndex('never-made').waitTask()).error?.code).toBe('index_not_found');
    });

    it('works on tasks in their order', async () => {
      const client = clientOf(server().access);
      const index = client.index<{ id: number; value: number }>('in-order');
      const sent = [];
      for (let value = 1; value <= 20; value++)
        sent.push(await index.addDocuments([{ id: 1, value }], { primaryKey: 'id' }));
      for (const task of sent) await succeeded(client.tasks.waitForTask(task));
      expect(await index.getDocument(1)).toEqual({ id: 1, value: 20 });
    });

    it('lists tasks newest first, by index, status and type, page by page', async () => {
      const client = clientOf(server().access);
      await thingsIndex(client, 'listed');
      const all = await client.tasks.getTasks({ indexUids: ['listed'] });
      expect(all.results.map(({ type }) => type)).toEqual([
        'documentAdditionOrUpdate',
        'settingsUpdate',
        'indexCreation',
      ]);
      const one = await client.tasks.getTasks({ indexUids: ['listed'], limit: 1 });
      expect(one).toMatchObject({ total: 3, limit: 1, from: all.results[0]?.uid, next: all.results[1]?.uid });
      const rest = await client.tasks.getTasks({ indexUids: ['listed'], from: one.next as number });
      expect(rest.results.map(({ uid }) => uid)).toEqual(all.results.slice(1).map(({ uid }) => uid));
      const settings = await client.tasks.getTasks({
        indexUids: ['listed'],
        types: ['settingsUpdate'],
        statuses: ['succeeded'],
      });
      expect(settings.results).toHaveLength(1);
      expect((await client.tasks.getTasks({ indexUids: ['listed'], statuses: ['failed'] })).total).toBe(0);
      expect(await refusalOf(client.tasks.getTask(999_999))).toBe('task_not_found');
    });
  });
}
