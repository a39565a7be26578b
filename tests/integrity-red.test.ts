import { describe, expect, test } from 'vitest';
import { judgeIntegrity } from '../checks/integrity.ts';
import type { DatabaseContent } from '../domain/recovery.ts';
import { content, locale, statements } from './integrity-red.test-data.ts';

const changes: readonly [check: string, changed: Partial<DatabaseContent>][] = [
  ['integrity.schema', { schemaChecksum: 'b'.repeat(64), columns: ['public.t.id integer'] }],
  ['integrity.schema', { columns: [] }],
  ['integrity.rows', { tables: { 'public.t': { rows: 1, digest: 'd1' } } }],
  ['integrity.rows', { tables: {} }],
  ['integrity.rows', { tables: { 'public.t': { rows: 3, digest: 'd1' } } }],
  ['integrity.rows', { tables: { 'public.t': { rows: 2, digest: 'd1' }, 'public.u': { rows: 0, digest: '0' } } }],
  ['integrity.content', { tables: { 'public.t': { rows: 2, digest: 'd2' } } }],
  ['integrity.sequences', { sequences: [{ name: 'public.s', next: '2', column: 'public.t.id', columnMax: '2' }] }],
  ['integrity.sequences', { sequences: [{ name: 'public.s', next: '3', column: 'public.t.id', columnMax: '3' }] }],
  ['integrity.sequences', { sequences: [] }],
  ['integrity.content', { materialisedViews: { 'public.m': { rows: 1, digest: 'm2' } } }],
  ['integrity.locale', { locale: { ...locale, encoding: 'LATIN1' } }],
  ['integrity.locale', { locale: { ...locale, locale: 'sv' } }],
  ['integrity.sample', { samples: { 'public.t': { rows: 2, columns: { id: 'i1', note: 'n2' } } } }],
  ['integrity.sample', { samples: { 'public.t': { rows: 2, columns: { id: 'i1' } } } }],
  ['integrity.sample', { samples: {} }],
  [
    'integrity.definitions',
    { statements: { ...statements, definitions: { ...statements.definitions, 'TABLE public.t': 'x' } } },
  ],
  [
    'integrity.definitions',
    { statements: { ...statements, definitions: { 'DATABASE d': '0', 'TABLE public.t': '1' } } },
  ],
  ['integrity.globals', { statements: { ...statements, globals: { ...statements.globals, 'ROLE other': '5' } } }],
  ['integrity.globals', { statements: { ...statements, globals: { ...statements.globals, 'ROLE reader': '5' } } }],
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

  test('each of several tables is compared, and what was there twice must be there twice', () => {
    const tables = { 'public.t': { rows: 2, digest: 'd1' }, 'public.u': { rows: 1, digest: 'd2' } };
    const wide = { ...content, tables, constraints: [...content.constraints, ...content.constraints] };
    const changed = {
      ...wide,
      tables: { ...tables, 'public.u': { rows: 1, digest: 'd3' } },
      constraints: content.constraints,
    };
    const evidence = Object.fromEntries(
      judgeIntegrity(wide, changed).map(({ check, evidence = [] }) => [check, evidence]),
    );
    expect(evidence['integrity.content']).toEqual(['public.u: content differs']);
    expect(evidence['integrity.constraints']).toEqual([`missing: ${content.constraints[0]}`]);
  });

  test('a descending sequence that was set back, or that an ascending one would follow, is red', () => {
    const sequence = {
      name: 'public.d',
      next: '-3',
      descending: true as const,
      column: 'public.t.id',
      columnMax: '-2',
    };
    const verdictOf = (next: string): string | undefined =>
      judgeIntegrity({ ...content, sequences: [sequence] }, { ...content, sequences: [{ ...sequence, next }] }).find(
        ({ check }) => check === 'integrity.sequences',
      )?.verdict;
    expect(['-4', '-3', '-2', '-1'].map(verdictOf)).toEqual(['pass', 'pass', 'fail', 'fail']);
  });

  test('a difference names the object, the column, and what the locale was', () => {
    const changed = {
      ...content,
      locale: { ...locale, locale: 'sv' },
      samples: { 'public.t': { rows: 2, columns: { id: 'i1', note: 'n2' } } },
      statements: { ...statements, definitions: { 'DATABASE d': '0', 'TABLE public.t': 'x', 'LANGUAGE l': '1' } },
    };
    const evidence = Object.fromEntries(judgeIntegrity(content, changed).map((each) => [each.check, each.evidence]));
    expect(evidence).toMatchObject({
      'integrity.locale': ['locale: sv, was en-US'],
      'integrity.sample': ['public.t.note: other values in the sample'],
      'integrity.definitions': ['missing: CAST CAST (a AS b)', 'unexpected: LANGUAGE l', 'differs: TABLE public.t'],
    });
  });

  test('a materialised view that was stale before the fault is none: it has what its query gives now', () => {
    const refreshed = { 'public.m': { rows: 2, digest: 'm2' } };
    const red = (changed: Partial<DatabaseContent>): string[] =>
      judgeIntegrity(content, { ...content, ...changed }).flatMap(({ check, verdict }) =>
        verdict === 'pass' ? [] : [check],
      );
    expect(red({ materialisedViews: refreshed, queriedViews: refreshed })).toEqual([]);
    expect(red({ materialisedViews: refreshed })).toEqual(['integrity.content']);
  });

  test('the role that the harness connects by may be another than before, and have other attributes', () => {
    const before = {
      ...content,
      bootstrapRole: 'supabase_admin',
      roles: ['role postgres createdb', 'role supabase_admin superuser'],
    };
    const now = {
      ...content,
      roles: ['role postgres superuser', 'role supabase_admin superuser'],
      statements: { ...statements, globals: { ...statements.globals, 'ROLE postgres': 'another' } },
    };
    expect(judgeIntegrity(before, now).filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
    const withSetting = { ...now, roles: [...now.roles, 'role postgres setting search_path sha256:1'] };
    const red = judgeIntegrity(before, withSetting).filter(({ verdict }) => verdict !== 'pass');
    expect(red.map(({ check }) => check)).toEqual(['integrity.roles']);
  });

  test('observers that disagree about a table are red, though both sides are alike', () => {
    const blind = {
      ...content,
      tables: { 'public.t': { rows: 0, digest: '0' }, 'public.u': { rows: 1, digest: '1' } },
    };
    const red = judgeIntegrity(blind, blind).filter(({ verdict }) => verdict !== 'pass');
    expect(red.map(({ check }) => check)).toEqual(['integrity.sample']);
  });

  test('a table that both sides pass over alike is named, since pg_dump prints it', () => {
    const printed = { ...statements, tables: { ...statements.tables, 'public.leaf': 'public.root' } };
    const blind = { ...content, statements: printed };
    const seen = { ...blind, tables: { ...content.tables, 'public.root': { rows: 0, digest: '0' } } };
    const rows = (expected: DatabaseContent, actual: DatabaseContent): unknown =>
      judgeIntegrity(expected, actual).find(({ check }) => check === 'integrity.rows');
    expect(rows(seen, seen)).toMatchObject({ verdict: 'pass' });
    expect(rows(blind, blind)).toMatchObject({
      verdict: 'inconclusive',
      actual: '1 tables with 2 rows; 1 tables were not counted',
      evidence: ['public.leaf: pg_dump prints it, its rows were not counted'],
    });
    expect(rows(seen, blind)).toMatchObject({ verdict: 'fail' });
    // Earlier manifests do not know what pg_dump printed; the restored side does.
    const { tables: _, ...earlier } = printed;
    expect(rows({ ...content, statements: earlier }, blind)).toMatchObject({ verdict: 'inconclusive' });
  });

  test('a manifest of an earlier version is judged by what it has', () => {
    const {
      format: _f,
      locale: _l,
      samples: _s,
      statements: _t,
      materialisedViews: _m,
      bootstrapRole: _b,
      ...earlier
    } = content;
    const verdicts = Object.fromEntries(judgeIntegrity(earlier, earlier).map(({ check, verdict }) => [check, verdict]));
    expect(verdicts).toMatchObject({ 'integrity.content': 'pass', 'integrity.schema': 'pass' });
    for (const check of ['locale', 'sample', 'definitions', 'globals'])
      expect(verdicts[`integrity.${check}`]).toBe('not-applicable');
  });

  test('a manifest without what the tools print is inconclusive, not green', () => {
    const { statements: _, ...without } = content;
    const verdicts = Object.fromEntries(judgeIntegrity(without, content).map(({ check, verdict }) => [check, verdict]));
    expect(verdicts).toMatchObject({ 'integrity.definitions': 'inconclusive', 'integrity.globals': 'inconclusive' });
  });

  test('a database without rows, or without tables, has nothing to compare only where each observer says so', () => {
    const empty = {
      ...content,
      tables: { 'public.t': { rows: 0, digest: '0' } },
      samples: { 'public.t': { rows: 0, columns: { id: '0' } } },
    };
    const none = {
      ...empty,
      tables: {},
      samples: {},
      columns: [],
      statements: { ...statements, definitions: { 'DATABASE d': '0' }, tables: {} },
    };
    const of = (each: DatabaseContent, other = each): Record<string, string> =>
      Object.fromEntries(judgeIntegrity(each, other).map(({ check, verdict }) => [check, verdict]));
    for (const each of [empty, none]) {
      const nothing = {
        'integrity.rows': 'not-applicable',
        'integrity.content': 'not-applicable',
        'integrity.schema': 'pass',
      };
      expect(of(each)).toMatchObject(nothing);
      expect(of(each, { ...each, tables: content.tables })).toMatchObject({ 'integrity.rows': 'fail' });
    }
    expect(of({ ...empty, samples: content.samples! })).toMatchObject({ 'integrity.rows': 'fail' });
    expect(of({ ...none, statements })).toMatchObject({ 'integrity.rows': 'fail' });
  });

  test('an expectation of nothing is no pass', () => {
    const nothing = { ...content, tables: {}, columns: [] };
    const red = judgeIntegrity(nothing, nothing).filter(({ verdict }) => verdict !== 'pass');
    expect(red.map(({ check }) => check)).toEqual(expect.arrayContaining(['integrity.schema', 'integrity.rows']));
  });

  test.for([
    ['integrity.sequences', 'sequences'],
    ['integrity.constraints', 'constraints'],
    ['integrity.indexes', 'indexes'],
    ['integrity.extensions', 'extensions'],
    ['integrity.roles', 'roles'],
    ['integrity.grants', 'grants'],
    ['integrity.policies', 'policies'],
    ['integrity.triggers', 'triggers'],
  ] as const)('%s does not apply to a database without any, and is red for one that appeared', ([check, list]) => {
    const without = { ...content, [list]: [] };
    const verdictOf = (actual: DatabaseContent) =>
      judgeIntegrity(without, actual).find((finding) => finding.check === check)?.verdict;
    expect(verdictOf(without)).toBe('not-applicable');
    expect(verdictOf(content)).toBe('fail');
  });
});
