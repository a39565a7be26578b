import { z } from 'zod';
import { selectAttributes, type SearchDocument } from '../json.ts';
import { attributeOrders, orderSql, parseSort } from '../query/order.ts';
import { parseRequestFilter, selectionSql } from '../query/selection.ts';
import { badRequest, Refusal } from '../refusal.ts';
import { rows } from '../store/database.ts';
import { readMeta } from '../store/index-store.ts';
import { taskSummary } from '../tasks/task-view.ts';
import { count, indexUidWords, isIndexUid, pageQuery, queryList } from './fields.ts';
import { accepted } from './index-routes.ts';
import { readJson, readQuery } from './input.ts';
import { payloadFormat, writePayload } from './payload.ts';
import { ok, type Answer, type Incoming, type Route, type Service } from './route.ts';

const documentId = z.union([z.string(), z.int()]);
const fields = z.array(z.string()).nullish();
const listQuery = z.strictObject({
  ...pageQuery,
  fields: queryList.optional(),
  filter: z.string().optional(),
  ids: queryList.optional(),
  sort: queryList.optional(),
});
const fetchBody = z.strictObject({
  offset: count.optional(),
  limit: count.optional(),
  fields,
  filter: z.unknown().optional(),
  ids: z.array(documentId).nullish(),
  sort: z.array(z.string()).nullish(),
});
const additionQuery = z.strictObject({ primaryKey: z.string().optional() });
const deletion = z.strictObject({ filter: z.unknown().optional() });

const url = '/indexes/:uid/documents';

export const documentRoutes: Route[] = [
  {
    method: 'GET',
    url,
    action: 'documents.get',
    handle: (request, service) => list(request, service, readQuery(listQuery, request.query, 'document')),
  },
  {
    method: 'POST',
    url: `${url}/fetch`,
    action: 'documents.get',
    handle: (request, service) => list(request, service, readJson(fetchBody, request, 'document')),
  },
  {
    method: 'GET',
    url: `${url}/:document`,
    action: 'documents.get',
    handle({ params: { uid = '', document: id = '' }, query }, { data }) {
      const wanted = readQuery(z.strictObject({ fields: queryList.optional() }), query, 'document').fields ?? ['*'];
      const { reader } = data.indexes.store(uid);
      const found = rows<{ body: string }>(reader, 'SELECT body FROM documents WHERE id = ?', id)[0];
      if (!found) throw new Refusal(404, 'document_not_found', `Document \`${id}\` not found.`);
      return ok(selectAttributes(JSON.parse(found.body) as SearchDocument, wanted));
    },
  },
  {
    method: 'POST',
    url,
    action: 'documents.add',
    handle: (request, service) => add(request, service, 'ReplaceDocuments'),
  },
  {
    method: 'PUT',
    url,
    action: 'documents.add',
    handle: (request, service) => add(request, service, 'UpdateDocuments'),
  },
  {
    method: 'DELETE',
    url,
    action: 'documents.delete',
    handle({ params: { uid = '' } }, { scheduler }) {
      const details = { ClearAll: { deleted_documents: null } };
      return accepted(taskSummary(scheduler.enqueue({ indexUid: uid, content: 'documentClear', details })));
    },
  },
  {
    method: 'DELETE',
    url: `${url}/:document`,
    action: 'documents.delete',
    handle: ({ params: { uid = '', document = '' } }, service) => deleteIds(uid, [document], service),
  },
  {
    method: 'POST',
    url: `${url}/delete-batch`,
    action: 'documents.delete',
    handle(request, service) {
      const ids = readJson(z.array(documentId), request, 'document').map(String);
      return deleteIds(request.params['uid'] ?? '', ids, service);
    },
  },
  {
    method: 'POST',
    url: `${url}/delete`,
    action: 'documents.delete',
    handle(request, { scheduler }) {
      const { filter } = readJson(deletion, request, 'document');
      if (filter === undefined) throw badRequest('missing_document_filter', 'Missing field `filter`');
      // A filter that is no filter is refused at once; attributes are looked up when the task runs.
      if (!parseRequestFilter(filter, 'invalid_document_filter')) {
        throw badRequest('invalid_document_filter', 'Sending an empty filter is forbidden.');
      }
      const details = {
        DocumentDeletionByFilter: { original_filter: JSON.stringify(filter), deleted_documents: null },
      };
      const content = { documentDeletionByFilter: { filter } };
      return accepted(taskSummary(scheduler.enqueue({ indexUid: request.params['uid'] ?? '', content, details })));
    },
  },
];

interface ListRequest {
  offset?: number | undefined;
  limit?: number | undefined;
  fields?: string[] | null | undefined;
  filter?: unknown;
  ids?: (string | number)[] | null | undefined;
  sort?: string[] | null | undefined;
}

function list({ params: { uid = '' } }: Incoming, { data }: Service, request: ListRequest): Answer {
  const { offset = 0, limit = 20, fields, filter, ids, sort } = request;
  const { reader } = data.indexes.store(uid);
  const selected = selectionSql(
    reader,
    uid,
    parseRequestFilter(filter, 'invalid_document_filter'),
    'invalid_document_filter',
  );
  const where = ids ? `${selected.sql} AND d.id IN (SELECT value FROM json_each(?))` : selected.sql;
  const values = ids ? [...selected.values, JSON.stringify(ids.map(String))] : selected.values;
  const { settings } = readMeta(reader);
  const orders = attributeOrders(['sort'], parseSort(sort ?? [], uid, settings));
  const total = rows<{ total: number }>(
    reader,
    `SELECT count(*) AS total FROM documents d WHERE ${where}`,
    ...values,
  )[0]?.total;
  const sql = `SELECT d.body FROM documents d WHERE ${where} ORDER BY ${orderSql(reader, orders)} LIMIT ? OFFSET ?`;
  const found = rows<{ body: string }>(reader, sql, ...values, limit, offset);
  const results = found.map(({ body }) => selectAttributes(JSON.parse(body) as SearchDocument, fields ?? ['*']));
  return ok({ results, offset, limit, total });
}

function add(request: Incoming, { scheduler }: Service, method: 'ReplaceDocuments' | 'UpdateDocuments'): Answer {
  const { primaryKey = null } = readQuery(additionQuery, request.query, 'index');
  const uid = request.params['uid'] ?? '';
  if (!isIndexUid(uid)) throw badRequest('invalid_index_uid', indexUidWords(uid));
  const format = payloadFormat(request);
  const documentImport = { primary_key: primaryKey, method, documents_count: 0, allow_index_creation: true };
  const task = scheduler.enqueue({
    indexUid: uid,
    content: { documentImport },
    details: null,
    writeDocuments: (file) => writePayload(file, request.body, format),
  });
  return accepted(taskSummary(task));
}

function deleteIds(uid: string, ids: string[], { scheduler }: Service): Answer {
  const details = { DocumentDeletion: { provided_ids: ids.length, deleted_documents: null } };
  const content = { documentDeletion: { documents_ids: ids } };
  return accepted(taskSummary(scheduler.enqueue({ indexUid: uid, content, details })));
}
