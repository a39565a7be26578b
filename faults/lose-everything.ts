import type { Fault } from '../domain/fault.ts';
import { deleteData } from './delete-data.ts';
import { observation } from './observation.ts';

const stores = (['postgres', 'objects', 'search'] as const).map((service) => deleteData({ service }));

/**
 * Everything is gone at once: each store dies and loses its data, each process of the application dies. What is left is
 * the store of the backups and the source of the application.
 */
export const loseEverything: Fault = {
  name: 'lose-everything',
  title: 'database, objects, search and application are killed, and the data of the stores deleted',
  claims: [...stores.flatMap(({ claims }) => claims), { target: { service: 'api' }, effect: 'killed' }],
  async inject(stack) {
    await Promise.all([
      ...stack.apps().map((process) => process.kill()),
      ...stores.map((store) => store.inject(stack)),
    ]);
  },
  async observe(stack) {
    const seen = await Promise.all(stores.map((store) => store.observe(stack)));
    const running = await Promise.all(stack.apps().map((process) => process.isRunning()));
    const count = running.filter(Boolean).length;
    return [...seen.flat(), observation('How many processes of the application run?', '0', String(count))];
  },
  async lift(stack) {
    for (const store of stores) await store.lift(stack);
  },
};
