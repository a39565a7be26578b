import { existsSync } from 'node:fs';
import { setImmediate as otherWork } from 'node:timers/promises';
import type { SearchDocument } from '../json.ts';
import { linesOf } from '../lines.ts';
import { parseRequestFilter, selectionSql } from '../query/selection.ts';
import { inOpenTransaction, inTransaction, rows } from '../store/database.ts';
import { documentWriter, removeAllDocuments } from '../store/document-writer.ts';
import { countDocuments, readMeta, writeMeta, type IndexStore } from '../store/index-store.ts';
import { documentId, inferPrimaryKey } from './primary-key.ts';
import { primaryKeyExists } from './process-index.ts';
import type { TaskContext } from './task-context.ts';
import type { TaskOutcome } from './scheduler.ts';

/** Documents that are written before other work gets its turn: about 20 ms. */
const writtenAtOnce = 200;

export async function importDocuments(
  { data, clock, indexUid, task, signal }: TaskContext,
  { primary_key: primaryKey, method }: { primary_key: string | null; method: 'ReplaceDocuments' | 'UpdateDocuments' },
): Promise<TaskOutcome> {
  const now = clock.now().toISOString();
  if (!data.indexes.has(indexUid)) {
    data.indexes.enter(indexUid, data.indexes.create({ primaryKey, createdAt: now, updatedAt: now }));
  }
  const store = data.indexes.store(indexUid);
  const current = readMeta(store.writer).primaryKey;
  if (primaryKey !== null && current !== null && primaryKey !== current) throw primaryKeyExists(indexUid, current);
  const file = data.updateFile(task.uid);
  if (!existsSync(file)) throw new Error(`the documents of task ${task.uid} are missing`);
  const written = await writeDocuments(store, linesOf(file), {
    primaryKey: current ?? primaryKey,
    method: method === 'UpdateDocuments' ? 'update' : 'replace',
    updatedAt: now,
    signal,
  });
  return { details: { DocumentAdditionOrUpdate: { received_documents: written, indexed_documents: written } } };
}

/**
 * Writes documents, one JSON text a line, in one transaction: all or none. Memory holds a few of them at a time. Says how
 * many there were.
 */
export async function writeDocuments(
  { writer }: IndexStore,
  lines: AsyncIterable<string>,
  options: { primaryKey: string | null; method: 'replace' | 'update'; updatedAt: string; signal: AbortSignal },
): Promise<number> {
  return inOpenTransaction(writer, async () => {
    let { primaryKey } = options;
    let written = 0;
    const { put } = documentWriter(writer, readMeta(writer));
    for await (const line of lines) {
      const document = JSON.parse(line) as SearchDocument;
      primaryKey ??= inferPrimaryKey(document);
      put(documentId(document, primaryKey), document, options.method);
      written++;
      if (written % writtenAtOnce === 0) await otherWork();
      options.signal.throwIfAborted();
    }
    writeMeta(writer, { primaryKey, updatedAt: options.updatedAt });
    return written;
  });
}

export async function deleteByIds(context: TaskContext, ids: string[]): Promise<TaskOutcome> {
  const deleted = await removeAll(context.data.indexes.store(context.indexUid), ids, context);
  return { details: { DocumentDeletion: { provided_ids: ids.length, deleted_documents: deleted } } };
}

export async function deleteByFilter(context: TaskContext, filter: unknown): Promise<TaskOutcome> {
  const { data, indexUid } = context;
  const store = data.indexes.store(indexUid);
  const parsed = parseRequestFilter(filter, 'invalid_document_filter');
  const { sql, values } = selectionSql(store.reader, indexUid, parsed, 'invalid_document_filter');
  const ids = rows<{ id: string }>(store.reader, `SELECT d.id FROM documents d WHERE ${sql}`, ...values).map(
    ({ id }) => id,
  );
  const deleted = await removeAll(store, ids, context);
  const details = { original_filter: JSON.stringify(filter), deleted_documents: deleted };
  return { details: { DocumentDeletionByFilter: details } };
}

export function clearDocuments({ data, clock, indexUid }: TaskContext): TaskOutcome {
  const { writer } = data.indexes.store(indexUid);
  const deleted = countDocuments(writer);
  inTransaction(writer, () => {
    removeAllDocuments(writer);
    writeMeta(writer, { updatedAt: clock.now().toISOString() });
  });
  return { details: { ClearAll: { deleted_documents: deleted } } };
}

/** Removes documents in one transaction and says how many there were. */
async function removeAll({ writer }: IndexStore, ids: readonly string[], context: TaskContext): Promise<number> {
  return inOpenTransaction(writer, async () => {
    const { remove } = documentWriter(writer, readMeta(writer));
    let deleted = 0;
    for (const [index, id] of ids.entries()) {
      if (remove(id)) deleted++;
      if (index % writtenAtOnce === writtenAtOnce - 1) await otherWork();
      context.signal.throwIfAborted();
    }
    writeMeta(writer, { updatedAt: context.clock.now().toISOString() });
    return deleted;
  });
}
