import type { DatabaseContent, DatabaseLocale } from '../domain/recovery.ts';

export const locale: DatabaseLocale = {
  encoding: 'UTF8',
  collate: 'C.UTF-8',
  ctype: 'C.UTF-8',
  provider: 'icu',
  locale: 'en-US',
};
export const statements = {
  definitions: { 'DATABASE d': '0', 'TABLE public.t': '1', 'CAST CAST (a AS b)': '2' },
  globals: { 'ROLE postgres': '3', 'ROLE reader': '4' },
  tables: { 'public.t': 'public.t' },
};

/** One entry of each kind, so that each can be changed alone. */
export const content: DatabaseContent = {
  format: 2,
  materialisedViews: { 'public.m': { rows: 1, digest: 'm1' } },
  locale,
  bootstrapRole: 'postgres',
  samples: { 'public.t': { rows: 2, columns: { id: 'i1', note: 'n1' } } },
  statements,
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
