import { describe, expect, test } from 'vitest';
import type { SearchBackupManifest, SearchHolding, SearchIndexState, SearchKeyState } from '../domain/search-backup.ts';
import { judgeKeysRemade, judgeSearchBackup, judgeSearchRestored, judgeSettingsRemade } from './search-backup.ts';

const index: SearchIndexState = { documents: 2, primaryKey: 'id', settingsDigest: 's', contentDigest: 'c' };
const key: SearchKeyState = { uid: 'k1', name: 'site', rightsDigest: 'r' };
const expected: SearchHolding = { state: { indexes: { things: index }, keys: [key] }, secrets: { k1: 'x' } };

function held(indexes: Record<string, SearchIndexState>, keys = [key], secrets = expected.secrets): SearchHolding {
  return { state: { indexes, keys }, secrets };
}

describe('search-backup', () => {
  test('passes when everything is as in the backup', () => {
    expect(judgeSearchRestored(expected, held({ things: { ...index } })).map(({ verdict }) => verdict)).toEqual([
      'pass',
      'pass',
      'pass',
    ]);
  });

  test.for([
    ['a missing index', held({}), 'documents', 'the index things is missing'],
    ['a surplus index', held({ things: index, more: index }), 'documents', 'the index more is not in the backup'],
    ['a missing document', held({ things: { ...index, documents: 1 } }), 'documents', '1 documents in place of 2'],
    ['another content', held({ things: { ...index, contentDigest: 'd' } }), 'documents', 'another content'],
    ['other settings', held({ things: { ...index, settingsDigest: 't' } }), 'settings', 'other settings'],
    ['another primary key', held({ things: { ...index, primaryKey: null } }), 'settings', 'primary key none in place'],
    ['a missing key', held({ things: index }, []), 'keys', 'the key "site" (k1) is missing'],
    ['a surplus key', held({ things: index }, [key, { ...key, uid: 'k2' }]), 'keys', '(k2) is not in the backup'],
    ['other rights', held({ things: index }, [{ ...key, rightsDigest: 'q' }]), 'keys', 'has other rights'],
    ['another secret', held({ things: index }, [key], { k1: 'y' }), 'keys', 'the key "site" (k1) has another secret'],
    ['no secret', held({ things: index }, [key], {}), 'keys', 'has another secret'],
  ] as const)('is red for %s, and only there', ([, actual, kind, text]) => {
    const red = judgeSearchRestored(expected, actual).filter(({ verdict }) => verdict !== 'pass');
    expect(red.map(({ check }) => check)).toEqual([`search-backup.${kind}`]);
    expect(red[0]?.evidence?.join()).toContain(text);
  });

  test('is red when the backup is empty: it proves nothing', () => {
    const empty = held({}, [], {});
    expect(judgeSearchRestored(empty, empty).map(({ check, verdict }) => `${check} ${verdict}`)).toEqual([
      'search-backup.documents fail',
      'search-backup.settings fail',
      'search-backup.keys fail',
    ]);
  });
});

describe('search-backup.verified', () => {
  const stored = { key: 'x', sha256: 'a'.repeat(64), sizeBytes: 10 };
  const manifest: SearchBackupManifest = {
    schemaVersion: 1,
    id: 'one',
    kind: 'dump',
    file: stored,
    keySecrets: stored,
    compression: 'zstd',
    recipient: 'age1x',
    coveredAt: '2026-01-01T00:00:00Z',
    startedAt: '2026-01-01T00:00:00Z',
    finishedAt: '2026-01-01T00:00:01Z',
    durationMs: 1_000,
    serverVersion: '1.50.0',
    state: expected.state,
  };

  test('passes for a backup that was read whole', () => {
    expect(judgeSearchBackup(manifest, { serverVersion: '1.50.0' }).verdict).toBe('pass');
  });

  test.for<[string, SearchBackupManifest, { serverVersion?: string; problem?: string }, string]>([
    ['a truncated one', manifest, { problem: 'cut short' }, 'cut short'],
    ['one that nobody has read', manifest, {}, 'not read to its end'],
    ['an empty one', { ...manifest, state: { indexes: {}, keys: [] } }, { serverVersion: '1.50.0' }, 'no document'],
  ])('is red for %s', ([, described, read, actual]) => {
    expect(judgeSearchBackup(described, read)).toMatchObject({
      check: 'search-backup.verified',
      verdict: 'fail',
      actual: expect.stringContaining(actual),
    });
  });
});

describe('search.keys', () => {
  const own = { uid: 'd1', name: 'Default Search API Key', rightsDigest: 'r' };
  const before = held({ things: index }, [key, own], { k1: 'x', d1: 'y' });
  const remade = { ...own, uid: 'd2' };

  test('passes when the keys of the system are back; those of the server itself are told as lost', () => {
    const { finding, lost } = judgeKeysRemade(before, held({}, [key, remade], { k1: 'x', d2: 'z' }));
    expect(finding.verdict).toBe('pass');
    expect(lost).toEqual(['Default Search API Key']);
  });

  test.for<[string, SearchHolding, SearchHolding, string]>([
    ['a key that is not back', before, held({}, [remade], { d2: 'z' }), 'is missing'],
    ['a key with another secret', before, held({}, [key], { k1: 'other' }), 'another secret'],
    ['no key at all', held({}, [], {}), held({}, [], {}), '0 with the same secret'],
  ])('is red for %s', ([, earlier, now, actual]) => {
    const { finding } = judgeKeysRemade(earlier, now);
    expect(finding).toMatchObject({ check: 'search.keys', verdict: 'fail', actual: expect.stringContaining(actual) });
  });

  test('does not apply where the server had no keys but its own', () => {
    const earlier = held({}, [own], { d1: 'y' });
    expect(judgeKeysRemade(earlier, held({}, [remade], { d2: 'z' })).finding).toMatchObject({
      check: 'search.keys',
      verdict: 'not-applicable',
      actual: 'the system makes no key of its own',
    });
  });
});

describe('search.settings', () => {
  test('passes for the same settings, whatever the documents', () => {
    const now = held({ things: { ...index, documents: 7, contentDigest: 'd' }, more: index }, []);
    expect(judgeSettingsRemade(expected, now).verdict).toBe('pass');
  });

  test.for<[string, SearchHolding, SearchHolding]>([
    ['other settings', expected, held({ things: { ...index, settingsDigest: 't' } })],
    ['a missing index', expected, held({})],
    ['no index to look at', held({}), held({})],
  ])('is red for %s', ([, before, now]) => {
    expect(judgeSettingsRemade(before, now)).toMatchObject({ check: 'search.settings', verdict: 'fail' });
  });
});
