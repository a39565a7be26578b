import { DrillError, messageOf } from '../domain/drill-error.ts';
import type { Fault, FaultObservation } from '../domain/fault.ts';
import type { SearchServer } from '../domain/service.ts';
import { searchClient } from '../stack/clients.ts';
import { observation } from './observation.ts';

/** What each file is overwritten with at least, as in the recording of a real server, and at most. */
const garbageBytesMin = 64 * 1024;
const garbageBytesMax = 16 * 1024 * 1024;

/** What faults have in common that damage the indexes: what they claim, what is seen of it, and that there is nothing to undo. */
export const indexDamage: Pick<Fault, 'claims' | 'observe' | 'lift'> = {
  claims: [{ target: { service: 'search' }, effect: 'damaged' }],
  observe: ({ search }) => observeIndexes(search),
  /** Recovery provisions a new server, and the damaged files go with the run. */
  lift: () => Promise.resolve(),
};

/** Overwrites the beginning of every file of every index. Throws `fault-did-not-bite` when there is none. */
export async function overwriteIndexes(search: SearchServer): Promise<void> {
  const files = await search.listFiles('data.ms/indexes');
  // Lock files and shared memory hold nothing that outlives the process.
  const damaged = files.filter(({ path }) => !/(lock\.mdb|-shm)$/.test(path));
  if (damaged.length === 0) {
    throw new DrillError({
      code: 'fault-did-not-bite',
      service: 'search',
      what: 'there is no index file to overwrite',
      expected: 'a file below data.ms/indexes',
    });
  }
  for (const { path, sizeBytes } of damaged) {
    const bytes = Math.min(Math.max(sizeBytes, garbageBytesMin), garbageBytesMax);
    await search.overwriteFile(path, Buffer.alloc(bytes, 'garbage '));
  }
}

/**
 * Health and counts are asked to show that they see nothing; documents and a query of each index find the damage. An
 * index without documents proves nothing and is not asked.
 */
async function observeIndexes({ access }: SearchServer): Promise<FaultObservation[]> {
  const client = searchClient(access);
  const healthy = await client.isHealthy();
  const observations: FaultObservation[] = [
    observation('Does its health say that it is available?', 'yes', healthy ? 'yes' : 'no'),
  ];
  const stats = await client.getStats().catch((error: unknown) => messageOf(error));
  if (typeof stats === 'string') return [...observations, observation('What do its counts say?', 'documents', stats)];
  const filled = Object.entries(stats.indexes).filter(([, { numberOfDocuments }]) => numberOfDocuments > 0);
  if (filled.length === 0) return [...observations, observation('What do its counts say?', 'documents', 'no document')];
  for (const [uid] of filled) {
    // Both are asked at once, and each is listened to from its start: a damaged index refuses both.
    const [documents, hits] = await Promise.all([
      given(client.index(uid).getDocuments({ limit: 1 }), ({ results }) => results.length),
      given(client.index(uid).search('', { limit: 1 }), (found) => found.hits.length),
    ]);
    observations.push(
      observation(`Does ${uid} give a document?`, 'no', documents),
      observation(`Does ${uid} answer a query with a hit?`, 'no', hits),
    );
  }
  return observations;
}

/** Nothing given and an error are the same to who searches. */
async function given<T>(answer: Promise<T>, countOf: (answer: T) => number): Promise<'yes' | 'no'> {
  return (await answer.then(countOf, () => 0)) > 0 ? 'yes' : 'no';
}
