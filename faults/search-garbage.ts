import type { Fault } from '../domain/fault.ts';
import { indexDamage, overwriteIndexes } from './search-index-damage.ts';

/**
 * The files of the indexes are overwritten in place while the server runs. The server is killed and started then: what it
 * had in memory would hide the damage until its next start.
 */
export const searchGarbage: Fault = {
  ...indexDamage,
  name: 'search-garbage',
  title: 'The files of the search indexes are overwritten while the server runs',
  async inject({ search }) {
    await overwriteIndexes(search);
    await search.kill();
    await search.start();
  },
};
