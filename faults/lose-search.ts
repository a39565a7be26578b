import type { Fault, FaultObservation } from '../domain/fault.ts';
import type { SearchServer } from '../domain/service.ts';
import { searchClient } from '../stack/clients.ts';

/** The search server dies at once and its data folder or volume is deleted, dumps and snapshots in it too. */
export const loseSearch: Fault = {
  name: 'lose-search',
  title: 'The search server is killed and its data deleted',

  async inject({ search }) {
    await search.kill();
    await search.deleteData();
  },

  async observe({ search }) {
    const [running, data, answers] = await Promise.all([search.isRunning(), search.dataExists(), isHealthy(search)]);
    return [
      observation('Does the search server run?', running),
      observation('Is its data there?', data),
      observation('Does it answer?', answers),
    ];
  },

  /** The lost server stays lost: recovery provisions a new one. Deleting again what is deleted does no harm. */
  async lift({ search }) {
    if (await search.isRunning()) return;
    await search.deleteData();
  },
};

function observation(question: string, answer: boolean): FaultObservation {
  return { question, expected: 'no', actual: answer ? 'yes' : 'no', bitten: !answer };
}

function isHealthy({ access }: SearchServer): Promise<boolean> {
  return searchClient(access).isHealthy();
}
