import { describe, expect, test } from 'vitest';
import { skewOf, type BackupSet, type BackupSetMember } from '../domain/backup-set.ts';
import { judgeBackupSet } from './backup-set.ts';

function member(coveredAt: string, setId = 'set-1'): BackupSetMember {
  return { setId, coveredAt, manifestKey: `${setId}/manifest.json` };
}

const members = {
  postgres: member('2026-01-02T03:00:00.000Z'),
  objects: member('2026-01-02T03:00:04.500Z'),
  search: member('2026-01-02T05:00:02.000+02:00'),
};
const set: BackupSet = { id: 'set-1', members };
const { search: _, ...withoutSearch } = members;

describe('skewOf', () => {
  test('is the newest instant minus the oldest, whatever their offsets from UTC', () => {
    expect(skewOf(set)).toEqual({
      skewMs: 4_500,
      oldest: { store: 'postgres', coveredAt: '2026-01-02T03:00:00.000Z' },
      newest: { store: 'objects', coveredAt: '2026-01-02T03:00:04.500Z' },
    });
    expect(skewOf({ id: 'set-1', members: { search: members.search } })?.skewMs).toBe(0);
  });

  test.for(['soon', '', '2026-01-02', '2026-01-02T03:00:00'])('is not known with an instant of %j', (instant) => {
    expect(skewOf({ id: 'set-1', members: { ...members, search: member(instant) } })).toBeUndefined();
    expect(skewOf({ id: 'set-1', members: {} })).toBeUndefined();
  });
});

describe('backup-set', () => {
  test('passes for one whole set within the limit, and tells the skew and the instants', () => {
    const found = judgeBackupSet(set, { maxSkewMs: 4_500 });
    expect(found).toMatchObject({ check: 'backup-set', verdict: 'pass', actual: 'set set-1, 4.5s apart' });
    expect(found.evidence).toContain('objects covers 2026-01-02T03:00:04.500Z');
  });

  test.for([
    ['a missing store', { ...set, members: withoutSearch }, 60_000, 'search has no backup in the set'],
    [
      'two sets mixed',
      { ...set, members: { ...members, search: member('2026-01-02T03:00:01.000Z', 'set-2') } },
      60_000,
      'search was backed up for set set-2',
    ],
    ['a skew over the limit', set, 4_499, 'objects covers 4.5s more than postgres'],
    ['a limit that is no number', set, NaN, 'objects covers 4.5s more than postgres'],
    ['a set without stores', { id: 'set-1', members: {} }, 60_000, 'postgres has no backup in the set'],
  ] as const)('is red for %s', ([, given, maxSkewMs, reason]) => {
    const found = judgeBackupSet(given, { maxSkewMs });
    expect(found.verdict).toBe('fail');
    expect(found.actual).toContain(reason);
    expect(found.recommendation).toBeDefined();
  });

  test('passes without a store that nobody asks for', () => {
    const found = judgeBackupSet({ ...set, members: withoutSearch }, { maxSkewMs: 60_000, stores: ['postgres'] });
    expect(found.verdict).toBe('pass');
  });

  test('is inconclusive when the skew cannot be measured, or no store is asked for', () => {
    const undated = { ...set, members: { ...members, objects: member('yesterday') } };
    expect(judgeBackupSet(undated, { maxSkewMs: 60_000 })).toMatchObject({
      verdict: 'inconclusive',
      actual: 'set set-1, an instant cannot be read',
    });
    expect(judgeBackupSet(set, { maxSkewMs: 60_000, stores: [] }).verdict).toBe('inconclusive');
  });
});
