import { describe, expect, test } from 'vitest';
import type { SearchHolding, SearchIndexState, SearchKeyState } from '../domain/search-backup.ts';
import { judgeSearchRestored } from './search-backup.ts';

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
    expect(judgeSearchRestored(empty, empty).map(({ verdict }) => verdict)).toEqual(['fail', 'fail', 'fail']);
  });
});
