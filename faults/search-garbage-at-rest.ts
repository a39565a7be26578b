import type { Fault } from '../domain/fault.ts';
import { indexDamage, overwriteIndexes } from './search-index-damage.ts';

/**
 * The server is stopped, as by a reboot of its machine; the files of the indexes are overwritten before it starts again.
 * It starts all the same, and says that it is available.
 */
export const searchGarbageAtRest: Fault = {
  ...indexDamage,
  name: 'search-garbage-at-rest',
  title: 'The files of the search indexes are overwritten before the server starts',
  async inject({ search }) {
    await search.stop();
    await overwriteIndexes(search);
    await search.start();
  },
};
