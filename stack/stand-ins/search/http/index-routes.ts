import { z } from 'zod';
import { indexNotFound, notImplemented } from '../refusal.ts';
import { readMeta } from '../store/index-store.ts';
import { taskSummary } from '../tasks/task-view.ts';
import { indexUid, pageQuery } from './fields.ts';
import { readJson, readQuery } from './input.ts';
import { ok, paged, type Answer, type Route, type Service } from './route.ts';

const creation = z.strictObject({ uid: indexUid, primaryKey: z.string().nullish() });
const update = z.strictObject({ uid: indexUid.nullish(), primaryKey: z.string().nullish() });
const swaps = z.array(z.strictObject({ indexes: z.tuple([indexUid, indexUid]), rename: z.boolean().optional() }));

export const indexRoutes: Route[] = [
  {
    method: 'GET',
    url: '/indexes',
    action: 'indexes.get',
    handle({ query, access }, service) {
      const page = readQuery(z.strictObject(pageQuery), query, 'index');
      const visible = service.data.indexes.list().filter(({ uid }) => access.allows(uid));
      const shown = visible.slice(page.offset ?? 0, (page.offset ?? 0) + (page.limit ?? 20));
      const { body } = paged(visible, page);
      return ok({ ...(body as object), results: shown.map(({ uid }) => indexView(service, uid)) });
    },
  },
  {
    method: 'POST',
    url: '/indexes',
    action: 'indexes.create',
    handle(request, { scheduler }) {
      const { uid, primaryKey = null } = readJson(creation, request, 'index');
      request.access.require(uid);
      const task = scheduler.enqueue({
        indexUid: uid,
        content: { indexCreation: { primary_key: primaryKey } },
        details: indexInfo(primaryKey),
      });
      return accepted(taskSummary(task));
    },
  },
  {
    method: 'GET',
    url: '/indexes/:uid',
    action: 'indexes.get',
    handle: ({ params: { uid = '' } }, service) => ok(indexView(service, uid)),
  },
  {
    method: 'PATCH',
    url: '/indexes/:uid',
    action: 'indexes.update',
    handle(request, { scheduler }) {
      const { uid, primaryKey = null } = readJson(update, request, 'index');
      if (uid !== undefined && uid !== null) throw notImplemented('renaming an index');
      const task = scheduler.enqueue({
        indexUid: request.params['uid'] ?? '',
        content: { indexUpdate: { primary_key: primaryKey, uid: null } },
        details: indexInfo(primaryKey),
      });
      return accepted(taskSummary(task));
    },
  },
  {
    method: 'DELETE',
    url: '/indexes/:uid',
    action: 'indexes.delete',
    handle({ params: { uid = '' } }, { scheduler }) {
      const details = { ClearAll: { deleted_documents: null } };
      return accepted(taskSummary(scheduler.enqueue({ indexUid: uid, content: 'indexDeletion', details })));
    },
  },
  {
    method: 'POST',
    url: '/swap-indexes',
    action: 'indexes.swap',
    handle(request, { scheduler }) {
      const wanted = readJson(swaps, request, 'swap').map(({ indexes, rename = false }) => ({ indexes, rename }));
      if (wanted.some(({ rename }) => rename)) throw notImplemented('a swap with `rename`');
      for (const uid of wanted.flatMap(({ indexes }) => indexes)) request.access.require(uid);
      const content = { indexSwap: { swaps: wanted } };
      const task = scheduler.enqueue({ indexUid: null, content, details: { IndexSwap: { swaps: wanted } } });
      return accepted(taskSummary(task));
    },
  },
];

export function accepted(body: unknown): Answer {
  return { status: 202, body };
}

function indexView({ data }: Service, uid: string): Record<string, unknown> {
  if (!data.indexes.has(uid)) throw indexNotFound(uid);
  const { createdAt, updatedAt, primaryKey } = readMeta(data.indexes.store(uid).reader);
  return { uid, createdAt, updatedAt, primaryKey };
}

function indexInfo(primaryKey: string | null): { IndexInfo: Record<string, unknown> } {
  return { IndexInfo: { primary_key: primaryKey, new_index_uid: null, old_index_uid: null } };
}
