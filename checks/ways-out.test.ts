import { expect, test } from 'vitest';
import { exceptLeftEmpty } from './left-empty.ts';
import { judgeCopyWaysOut, judgeWaysOut } from './ways-out.ts';

const runs = { kind: 'subscription', name: 'subscription s', state: 'by-itself' } as const;
const rests = { kind: 'user-mapping', name: 'user mapping of PUBLIC on s', state: 'when-used' } as const;
const closed = { kind: 'job', name: 'job 1 of cron.job', state: 'closed' } as const;

test('restore.ways-out: what goes out by itself is red, what has to be used for it is listed', () => {
  const found = judgeWaysOut({ ways: [runs, rests, closed], notRefreshed: [] });
  expect(found).toMatchObject({ check: 'restore.ways-out', verdict: 'fail', actual: '1 of 3 ways out open' });
  expect(found.evidence).toEqual(['subscription: subscription s (goes out by itself)']);
  expect(judgeWaysOut({ ways: [rests, closed], notRefreshed: ['public.v'] })).toMatchObject({
    verdict: 'pass',
    actual: '0 of 2 ways out open; left empty, since they read another server: public.v',
  });
});

test('masking.ways-out: a copy with any way that is not closed is red', () => {
  expect(judgeCopyWaysOut({ ways: [rests, closed], notRefreshed: [] })).toMatchObject({ verdict: 'fail' });
  expect(judgeCopyWaysOut({ ways: [closed], notRefreshed: [] })).toMatchObject({ verdict: 'pass' });
});

test('views that were left empty are not held against the backup, every other is', () => {
  const views = [
    'materialised view public.far sha256:1',
    'materialised view public.far_off sha256:2',
    'view public.far sha256:3',
  ];
  const materialisedViews = { 'public.far': { rows: 3, digest: 'd' }, 'public.near': { rows: 1, digest: 'e' } };
  const lists = {
    columns: [],
    constraints: [],
    indexes: [],
    extensions: [],
    roles: [],
    grants: [],
    policies: [],
    triggers: [],
  };
  const content = {
    schemaChecksum: 'x',
    sequences: [],
    functions: [],
    others: [],
    ...lists,
    views,
    tables: {},
    materialisedViews,
  };
  const left = exceptLeftEmpty(content, ['public.far']);
  expect(left.views).toEqual(views.slice(1));
  expect(Object.keys(left.materialisedViews ?? {})).toEqual(['public.near']);
  expect(exceptLeftEmpty(content, [])).toBe(content);
});
