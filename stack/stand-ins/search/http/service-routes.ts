import type { IndexEntry } from '../store/index-registry.ts';
import { indexNotFound } from '../refusal.ts';
import { databaseBytes } from '../store/database.ts';
import { engineVersion } from '../store/data-folder.ts';
import { ok, type Route, type Service } from './route.ts';

/** How a stack recognises the stand-in, and how a report comes to call it by its name. */
const standInCommit = 'firedrill-search-stand-in';

export const serviceRoutes: Route[] = [
  // As with a real server this says nothing of the indexes: it is answered even when a file of one is garbage.
  { method: 'GET', url: '/health', handle: () => ok({ status: 'available' }) },
  {
    method: 'GET',
    url: '/version',
    action: 'version',
    handle: () => ok({ commitSha: standInCommit, commitDate: 'unknown', pkgVersion: engineVersion }),
  },
  {
    method: 'GET',
    url: '/stats',
    action: 'stats.get',
    handle({ access }, service) {
      const entries = service.data.indexes.list().filter(({ uid }) => access.allows(uid));
      const tasksBytes = databaseBytes(service.data.tasks.database);
      const databaseSize = entries.reduce((sum, { stats }) => sum + stats.sizeBytes, tasksBytes);
      const updates = entries.map(({ stats }) => stats.updatedAt).toSorted();
      return ok({
        databaseSize,
        usedDatabaseSize: databaseSize,
        lastUpdate: updates.at(-1) ?? null,
        indexes: Object.fromEntries(entries.map((entry) => [entry.uid, statsView(entry, service)])),
      });
    },
  },
  {
    method: 'GET',
    url: '/indexes/:uid/stats',
    action: 'stats.get',
    handle({ params: { uid = '' } }, service) {
      const entry = service.data.indexes.list().find((candidate) => candidate.uid === uid);
      if (!entry) throw indexNotFound(uid);
      return ok(statsView(entry, service));
    },
  },
];

function statsView({ uid, stats }: IndexEntry, { data }: Service): Record<string, unknown> {
  const { numberOfDocuments, sizeBytes, fieldDistribution } = stats;
  return {
    numberOfDocuments,
    rawDocumentDbSize: numberOfDocuments === 0 ? 0 : sizeBytes,
    avgDocumentSize: numberOfDocuments === 0 ? 0 : Math.round(sizeBytes / numberOfDocuments),
    isIndexing: data.tasks.processingIndex() === uid,
    numberOfEmbeddings: 0,
    numberOfEmbeddedDocuments: 0,
    fieldDistribution,
  };
}
