import { describe, expect, test } from 'vitest';
import { judgeIntegrity } from '../checks/integrity.ts';
import type { DatabaseContent } from '../domain/recovery.ts';

/** One entry of each kind, so that each can be changed alone. */
const content: DatabaseContent = {
  schemaChecksum: 'a'.repeat(64),
  tables: { 'public.t': { rows: 2, digest: 'd1' } },
  sequences: [{ name: 'public.s', next: '3', column: 'public.t.id', columnMax: '2' }],
  columns: ['public.t.id bigint'],
  constraints: ['public.t t_pkey PRIMARY KEY (id) [valid]'],
  indexes: ['public.t_pkey [valid]'],
  extensions: ['citext 1.6'],
  roles: ['reader NOLOGIN'],
  grants: ['public.t SELECT reader'],
  policies: ['public.t own rows'],
  triggers: ['public.t audit [enabled]'],
  functions: ['public.f()'],
  views: ['public.v'],
  others: [],
};

const changes: readonly [check: string, changed: Partial<DatabaseContent>][] = [
  ['integrity.schema', { schemaChecksum: 'b'.repeat(64), columns: ['public.t.id integer'] }],
  ['integrity.schema', { columns: [] }],
  ['integrity.rows', { tables: { 'public.t': { rows: 1, digest: 'd1' } } }],
  ['integrity.rows', { tables: {} }],
  ['integrity.content', { tables: { 'public.t': { rows: 2, digest: 'd2' } } }],
  ['integrity.sequences', { sequences: [{ name: 'public.s', next: '2', column: 'public.t.id', columnMax: '2' }] }],
  ['integrity.sequences', { sequences: [] }],
  ['integrity.constraints', { constraints: ['public.t t_pkey PRIMARY KEY (id) [not valid]'] }],
  ['integrity.indexes', { indexes: ['public.t_pkey [invalid]'] }],
  ['integrity.extensions', { extensions: [] }],
  ['integrity.extensions', { extensions: ['citext 1.5'] }],
  ['integrity.roles', { roles: ['reader SUPERUSER'] }],
  ['integrity.grants', { grants: [] }],
  ['integrity.policies', { policies: [] }],
  ['integrity.triggers', { triggers: ['public.t audit [disabled]'] }],
];

describe('integrity', () => {
  test('is green when everything is as it was', () => {
    expect(judgeIntegrity(content, content).filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
  });

  test.for(changes)('%s is red for %j', ([check, changed]) => {
    const findings = judgeIntegrity(content, { ...content, ...changed });
    expect(findings.find((finding) => finding.check === check)).toMatchObject({ verdict: 'fail' });
  });

  test('an expectation of nothing is no pass', () => {
    const nothing = { ...content, tables: {}, columns: [] };
    const red = judgeIntegrity(nothing, nothing).filter(({ verdict }) => verdict !== 'pass');
    expect(red.map(({ check }) => check)).toEqual(expect.arrayContaining(['integrity.schema', 'integrity.rows']));
  });
});
