import type { SearchImpact } from '../checks/search-impact.ts';
import type { SearchAccess } from '../domain/service.ts';
import { searchClient } from '../stack/clients.ts';

/** How long a server that may be lost is given for each answer. */
const requestTimeoutMs = 5_000;

/**
 * Asks a search server that may be lost for its health, as monitoring does, and each index for a document and for a hit.
 * Nothing given and an error are the same to who searches. Never rejects.
 */
export async function observeImpact(access: SearchAccess, uids: readonly string[]): Promise<SearchImpact> {
  const client = searchClient(access, { requestTimeoutMs });
  const indexes: SearchImpact['indexes'] = [];
  for (const uid of uids) {
    const [givesDocument, givesHit] = await Promise.all([
      client
        .index(uid)
        .getDocuments({ limit: 1 })
        .then(
          ({ results }) => results.length > 0,
          () => false,
        ),
      client
        .index(uid)
        .search('', { limit: 1 })
        .then(
          ({ hits }) => hits.length > 0,
          () => false,
        ),
    ]);
    indexes.push({ uid, givesDocument, givesHit });
  }
  return { health: (await client.isHealthy()) ? 'available' : 'no answer', indexes };
}
