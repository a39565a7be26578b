import { finding, notApplicable, type Finding } from '../domain/finding.ts';
import {
  isServersOwnKey,
  searchDifferences,
  type SearchBackupManifest,
  type SearchDifference,
  type SearchHolding,
} from '../domain/search-backup.ts';
import { countWords } from './words.ts';

const judged: readonly { kind: SearchDifference['kind']; noun: string; recommendation: string }[] = [
  {
    kind: 'documents',
    noun: 'documents',
    recommendation: 'Rebuild the search index from the database, and find out what the backup lacks.',
  },
  { kind: 'settings', noun: 'settings', recommendation: 'Apply the settings of the indexes again, then reindex.' },
  {
    kind: 'keys',
    noun: 'keys and their secrets',
    recommendation: 'Keep the master key beside the age key: under another one every key has another secret.',
  },
];

/**
 * `search-backup.verified`: the backup was read whole, as a restore would, and is what its manifest describes. One that
 * was not read, or that holds no document, is never a pass.
 */
export function judgeSearchBackup(
  { kind, file, state, serverVersion }: SearchBackupManifest,
  read: { serverVersion?: string; problem?: string },
): Finding {
  const documents = Object.values(state.indexes).reduce((sum, index) => sum + index.documents, 0);
  const problem =
    read.problem ??
    (read.serverVersion === undefined ? 'it was not read to its end' : undefined) ??
    (documents === 0 ? 'its manifest describes no document' : undefined);
  return finding('search-backup.verified', problem === undefined, {
    expected: `a ${kind} of server ${serverVersion} in ${countWords(file.sizeBytes)} bytes with sha256 ${file.sha256.slice(0, 12)}…`,
    actual: problem ?? `read whole: a ${kind} of server ${read.serverVersion}, the same sha256`,
    recommendation: 'Take a new backup and verify it after upload; keep an older one to fall back to.',
  });
}

/**
 * `search-backup.documents`, `.settings`, `.keys`: a restored search server holds what its backup does. A backup without
 * a document, or without a key, proves nothing of them and does not pass.
 */
export function judgeSearchRestored(expected: SearchHolding, actual: SearchHolding): Finding[] {
  const differences = searchDifferences(expected, actual);
  const indexes = Object.values(expected.state.indexes);
  const documents = indexes.reduce((sum, index) => sum + index.documents, 0);
  const counts = { documents, settings: indexes.length, keys: expected.state.keys.length };
  return judged.map(({ kind, noun, recommendation }) => {
    const found = differences.filter((difference) => difference.kind === kind).map(({ text }) => text);
    const count = counts[kind];
    return finding(`search-backup.${kind}`, count > 0 && found.length === 0, {
      expected: `${noun} as in the backup: ${Math.max(count, 1)}${kind === 'settings' ? ' indexes' : ''}`,
      actual: found.length > 0 ? `${found.length} differences: ${found[0]}` : `${count} compared, no difference`,
      evidence: found.slice(0, 20),
      recommendation,
    });
  });
}

/**
 * `search.keys`: after a rebuild each key of before is there again with its rights and its secret, but for those that a
 * server makes for itself, which no rebuild brings back. `lost` names these; where there was no other, the check is not
 * applicable, and where there was none at all, which no server has, it fails.
 */
export function judgeKeysRemade(before: SearchHolding, now: SearchHolding): { finding: Finding; lost: string[] } {
  const wanted = before.state.keys.filter((key) => !isServersOwnKey(key));
  const holding = (keys: SearchHolding['state']['keys'], { secrets }: SearchHolding): SearchHolding => ({
    state: { indexes: {}, keys },
    secrets,
  });
  const uids = new Set(wanted.map(({ uid }) => uid));
  const there = now.state.keys.filter(({ uid }) => uids.has(uid));
  const differences = searchDifferences(holding(wanted, before), holding(there, now)).map(({ text }) => text);
  const kept = new Set(now.state.keys.map(({ uid }) => uid));
  const lost = before.state.keys.filter((key) => isServersOwnKey(key) && !kept.has(key.uid));
  return {
    finding:
      wanted.length === 0 && before.state.keys.length > 0
        ? notApplicable('search.keys', keysExpected(1), 'the system makes no key of its own')
        : finding('search.keys', wanted.length > 0 && differences.length === 0, {
            expected: keysExpected(wanted.length),
            actual:
              differences[0] ?? `${wanted.length} with the same secret; ${lost.length} of the server's own are others`,
            evidence: differences.slice(0, 20),
            recommendation:
              'Let the application make its search keys with uids of its own, or keep a backup of the search server.',
          }),
    lost: lost.map(({ uid, name }) => name ?? uid),
  };
}

const keysExpected = (keys: number): string =>
  `${Math.max(keys, 1)} keys that the system makes, with their rights and secrets`;

/** `search.settings`: after a rebuild every index of before has its settings and its primary key again. */
export function judgeSettingsRemade(before: SearchHolding, now: SearchHolding): Finding {
  const indexes = Object.keys(before.state.indexes);
  const missing = indexes.filter((uid) => !(uid in now.state.indexes)).map((uid) => `the index ${uid} is missing`);
  const differences = searchDifferences(before, now).filter(({ kind }) => kind === 'settings');
  const found = [...missing, ...differences.map(({ text }) => text)];
  return finding('search.settings', indexes.length > 0 && found.length === 0, {
    expected: `${Math.max(indexes.length, 1)} indexes with the settings of before`,
    actual: found[0] ?? `${indexes.length} with the same settings`,
    evidence: found.slice(0, 20),
    recommendation: 'Let the application apply the settings of its indexes whenever it rebuilds them.',
  });
}
