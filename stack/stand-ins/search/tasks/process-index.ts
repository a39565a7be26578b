import { setImmediate as otherWork } from 'node:timers/promises';
import type { DatabaseSync } from 'node:sqlite';
import type { SearchDocument } from '../json.ts';
import { indexNotFound, Refusal } from '../refusal.ts';
import { defaultSettings, withPatch, type Settings, type SettingsPatch } from '../settings.ts';
import { inOpenTransaction, rows } from '../store/database.ts';
import { documentWriter, facetAttributesOf, removeDerived } from '../store/document-writer.ts';
import { countDocuments, readMeta, writeMeta, type IndexStore } from '../store/index-store.ts';
import type { TaskContext } from './task-context.ts';
import type { TaskOutcome } from './scheduler.ts';
import type { Swap } from './task-record.ts';

/** Documents whose words are derived again before other work gets its turn. */
const derivedAtOnce = 200;

export function createIndex({ data, clock, indexUid, task }: TaskContext, primaryKey: string | null): TaskOutcome {
  if (data.indexes.has(indexUid))
    throw new Refusal(409, 'index_already_exists', `Index \`${indexUid}\` already exists.`);
  const now = clock.now().toISOString();
  const folder = data.indexes.create({ primaryKey, createdAt: now, updatedAt: now });
  return { details: task.details, commit: () => data.indexes.enter(indexUid, folder) };
}

export function updateIndex({ data, clock, indexUid, task }: TaskContext, primaryKey: string | null): TaskOutcome {
  const { writer } = data.indexes.store(indexUid);
  const current = readMeta(writer).primaryKey;
  if (primaryKey !== null && current !== primaryKey) {
    if (countDocuments(writer) > 0) throw primaryKeyExists(indexUid, current);
    writeMeta(writer, { primaryKey, updatedAt: clock.now().toISOString() });
  }
  return { details: task.details };
}

export function deleteIndex({ data, indexUid }: TaskContext): TaskOutcome {
  const deleted = countDocuments(data.indexes.store(indexUid).writer);
  return { details: { ClearAll: { deleted_documents: deleted } }, commit: () => data.indexes.remove(indexUid) };
}

export function swapIndexes({ data, task }: TaskContext, swaps: Swap[]): TaskOutcome {
  for (const uid of swaps.flatMap((swap) => swap.indexes)) {
    if (!data.indexes.has(uid)) throw indexNotFound(uid);
  }
  return {
    details: task.details,
    commit() {
      for (const [first = '', second = ''] of swaps.map((swap) => swap.indexes)) {
        data.indexes.swap(first, second);
        data.tasks.renameEarlier(
          task.uid,
          new Map([
            [first, second],
            [second, first],
          ]),
        );
      }
    },
  };
}

export async function changeSettings(
  { data, clock, indexUid, task, signal }: TaskContext,
  change: { settings: SettingsPatch; is_deletion: boolean },
): Promise<TaskOutcome> {
  if (!data.indexes.has(indexUid)) {
    const now = clock.now().toISOString();
    data.indexes.enter(indexUid, data.indexes.create({ primaryKey: null, createdAt: now, updatedAt: now }));
  }
  const store = data.indexes.store(indexUid);
  const before = readMeta(store.writer).settings;
  const after = change.is_deletion ? defaultSettings : withPatch(before, change.settings);
  await applySettings(store, before, after, clock.now().toISOString(), signal);
  return { details: task.details };
}

/** Writes settings and derives words and facets of all documents again where the change asks for it. */
export async function applySettings(
  { writer }: IndexStore,
  before: Settings,
  after: Settings,
  updatedAt: string,
  signal: AbortSignal,
): Promise<void> {
  await inOpenTransaction(writer, async () => {
    writeMeta(writer, { settings: after, updatedAt });
    if (derivedFrom(before) !== derivedFrom(after)) await deriveAgain(writer, after, signal);
  });
}

async function deriveAgain(writer: DatabaseSync, settings: Settings, signal: AbortSignal): Promise<void> {
  removeDerived(writer);
  const { derive } = documentWriter(writer, { settings });
  for (let after = 0; ;) {
    const sql = 'SELECT docid, body FROM documents WHERE docid > ? ORDER BY docid LIMIT ?';
    const page = rows<{ docid: number; body: string }>(writer, sql, after, derivedAtOnce);
    for (const { docid, body } of page) derive(docid, JSON.parse(body) as SearchDocument);
    if (page.length < derivedAtOnce) return;
    after = page.at(-1)?.docid ?? after;
    await otherWork();
    signal.throwIfAborted();
  }
}

/** What words and facets follow from; when it stays the same, nothing has to be derived again. */
function derivedFrom(settings: Settings): string {
  return JSON.stringify([settings.searchableAttributes, settings.stopWords, facetAttributesOf(settings)]);
}

export function primaryKeyExists(indexUid: string, primaryKey: string | null): Refusal {
  const words = `Index \`${indexUid}\`: Index already has a primary key: \`${primaryKey ?? ''}\`.`;
  return new Refusal(400, 'index_primary_key_already_exists', words);
}
