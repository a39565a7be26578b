/** What masking needs to know of a type: which rules make sense on it. */
export type TypeFamily = 'text' | 'number' | 'boolean' | 'json' | 'date' | 'timestamp' | 'uuid' | 'array' | 'other';

export interface ColumnType {
  family: TypeFamily;
  /** Greatest number of characters, where the type has a limit. */
  limit?: number;
  /** Only of an array: the type of its elements. */
  element?: ColumnType;
}

const families: [TypeFamily, RegExp][] = [
  ['text', /^(text|character varying|varchar|character|char|bpchar|"char"|name|citext)$/],
  ['number', /^(smallint|integer|bigint|numeric|real|double precision|money|oid)$/],
  ['boolean', /^boolean$/],
  ['json', /^jsonb?$/],
  ['date', /^date$/],
  ['timestamp', /^timestamp( with(out)? time zone)?$/],
  ['uuid', /^uuid$/],
];

/**
 * Reads a type as `format_type` prints it: `character varying(40)`, `timestamp(3) with time zone`, `public.citext`,
 * `text[]`. Domains and enums are `other`: the catalogue tells the base type of a domain.
 */
export function columnType(type: string): ColumnType {
  if (type.endsWith('[]')) return { family: 'array', element: columnType(type.slice(0, -2)) };
  const modifier = /\((\d+)(?:,-?\d+)?\)/.exec(type);
  const bare = type.replace(/\([\d,-]+\)/, '').replace(/^(?:"[^"]+"|\w+)\.(?=citext$)/, '');
  const family = families.find(([, pattern]) => pattern.test(bare))?.[0] ?? 'other';
  if (family !== 'text') return { family };
  const limit = modifier?.[1] ?? { character: '1', '"char"': '1', name: '63' }[bare];
  return limit === undefined ? { family } : { family, limit: Number(limit) };
}
