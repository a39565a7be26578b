import { finding, type Finding } from '../domain/finding.ts';
import { isServersOwnKey } from '../domain/search-backup.ts';
import type { DocumentByHttp, EditedDocument, SearchByHttp } from '../domain/search-by-http.ts';

/**
 * `search.settings-by-http`: after the recovery and all that was caught up, every index has each of its settings as it
 * was before the fault. Names the settings that differ, never their values.
 */
export function judgeSettingsByHttp(before: SearchByHttp, now: SearchByHttp): Finding {
  const indexes = Object.keys(before.settings);
  const told = differences(before.settings, now.settings, 'the index');
  return finding('search.settings-by-http', indexes.length > 0 && told.length === 0, {
    expected: `${Math.max(indexes.length, 1)} indexes with every setting of before, asked by plain HTTP`,
    actual: told[0] ?? `${countOf(before.settings)} settings of ${indexes.length} indexes compared, no difference`,
    evidence: told.slice(0, 20),
    recommendation: 'Look for what sets the settings of an index anew after the restore: a rebuild, a deployment.',
  });
}

/**
 * `search.keys-by-http`: likewise each key with its rights and its secret. A server that was made anew without a backup
 * has other keys of its own, which are not asked for.
 */
export function judgeKeysByHttp(before: SearchByHttp, now: SearchByHttp, { madeAnew }: { madeAnew: boolean }): Finding {
  const wanted = (keys: SearchByHttp['keys']): SearchByHttp['keys'] =>
    Object.fromEntries(Object.entries(keys).filter(([uid, key]) => !madeAnew || !isOwn(uid, key)));
  const keys = wanted(before.keys);
  const told = differences(keys, wanted(now.keys), 'the key');
  const count = Object.keys(keys).length;
  return finding('search.keys-by-http', count > 0 && told.length === 0, {
    expected: `${Math.max(count, 1)} keys with every right and the secret of before, asked by plain HTTP`,
    actual: told[0] ?? `${countOf(keys)} properties of ${count} keys compared, no difference`,
    evidence: told.slice(0, 20),
    recommendation: 'Bring the keys back with the backup of the search server, or make them with uids of their own.',
  });
}

/**
 * `search.edits`: the rows that were changed or deleted between the newest backup and the fault are in the index as the
 * database has them: as before the edit where the database came from that backup, as after it where it survived. Nothing
 * edited proves nothing and does not pass.
 */
export function judgeEdits(
  edits: readonly EditedDocument[],
  now: readonly DocumentByHttp[],
  database: 'survived' | 'restored',
): Finding {
  const told = edits.flatMap(({ index, id, kind, before, after }, number) => {
    const [must, is] = [database === 'survived' ? after : before, now[number]];
    if (is === must) return [];
    return [`${index}/${id}, ${kind} since the backup: ${wordsOf(is)}, must be ${wordsOf(must)}`];
  });
  const kinds = new Set(edits.filter(({ before, after }) => before !== after).map(({ kind }) => kind));
  return finding('search.edits', kinds.size === 2 && told.length === 0, {
    expected: `rows changed and deleted since the backup as the database has them, which ${database === 'survived' ? 'has the edits' : 'is of before them'}`,
    actual:
      told[0] ??
      `${edits.length} documents compared; ${[...kinds].toSorted().join(' and ') || 'neither changed nor deleted'} since the backup`,
    evidence: told.slice(0, 20),
    recommendation: 'Index again what changed since the backup, and remove what the database no longer has.',
  });
}

function wordsOf(document: DocumentByHttp | undefined): string {
  if (document === undefined) return 'not asked for';
  return document === 'absent' ? 'absent' : 'there, with its content';
}

type Things = Record<string, Record<string, string>>;

function differences(before: Things, now: Things, noun: string): string[] {
  const there = Object.entries(before).flatMap(([name, properties]) => {
    const other = now[name];
    if (other === undefined) return [`${noun} ${name} is missing`];
    const names = new Set([...Object.keys(properties), ...Object.keys(other)]);
    return [...names]
      .filter((property) => properties[property] !== other[property])
      .map((property) => `${noun} ${name}: ${property} is other than before`);
  });
  return [...there, ...Object.keys(now).flatMap((name) => (name in before ? [] : [`${noun} ${name} is new`]))];
}

function countOf(things: Things): number {
  return Object.values(things).reduce((sum, properties) => sum + Object.keys(properties).length, 0);
}

function isOwn(uid: string, key: Record<string, string>): boolean {
  const name: unknown = JSON.parse(key['name'] ?? 'null');
  return isServersOwnKey({ uid, name: typeof name === 'string' ? name : null, rightsDigest: '' });
}
