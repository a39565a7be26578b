import type { ColumnRule, MaskingPolicy } from '../domain/masking.ts';
import { parseTemplate } from '../domain/masking-template.ts';
import type { PostgresConnection } from '../domain/service.ts';

export interface GreenmaskPlaces {
  /** Folder of PostgreSQL's programs. */
  programs: string;
  /** Where the dump goes, and temporary files. */
  folder: string;
  source: PostgresConnection;
  target: PostgresConnection;
  jobs: number;
}

/**
 * Greenmask's configuration (JSON is YAML) for the same columns of the same policy: templates are written the same, free
 * text is starred out, and JSON and arrays, of which Greenmask keeps no structure, are replaced by empty ones, which is
 * less work than ours.
 */
export function greenmaskConfig(
  policy: MaskingPolicy,
  { programs, folder, source, target, jobs }: GreenmaskPlaces,
): string {
  const tables = Object.entries(policy.tables).map(([name, table]) => ({ name: nameOf(name), table }));
  return JSON.stringify({
    common: { pg_bin_path: programs, tmp_dir: folder },
    log: { level: 'warn', format: 'text' },
    storage: { type: 'directory', directory: { path: folder } },
    dump: {
      pg_dump_options: {
        dbname: dsn(source),
        jobs,
        'exclude-table-data': tables
          .filter(({ table }) => table.clear)
          .map(({ name }) => `${name.schema}.${name.name}`),
      },
      transformation: tables
        .map(({ name, table }) => ({
          ...name,
          apply_for_inherited: true,
          transformers: Object.entries(table.columns).flatMap(transformerOf),
        }))
        .filter(({ transformers }) => transformers.length > 0),
    },
    restore: { pg_restore_options: { jobs, dbname: dsn(target) } },
  });
}

function transformerOf([column, rule]: [string, ColumnRule]): object[] {
  switch (rule.kind) {
    case 'keep':
      return [];
    case 'null':
      return [{ name: 'SetNull', params: { column } }];
    case 'replace':
      return [{ name: 'Template', params: { column, template: templateOf(rule.template) } }];
    case 'redact':
      break;
  }
  return rule.as === 'text'
    ? [{ name: 'Masking', params: { column } }]
    : [{ name: 'Replace', params: { column, value: '{}', keep_null: true, validate: false } }];
}

function templateOf(template: string): string {
  const parts = parseTemplate(template).map((part) =>
    'text' in part ? part.text : `{{ .GetRawColumnValue ${JSON.stringify(part.column)} }}`,
  );
  return parts.join('');
}

function nameOf(table: string): { schema: string; name: string } {
  const [schema = '', ...name] = table.split('.');
  return { schema, name: name.join('.') };
}

function dsn({ host, port, user, password, database }: PostgresConnection): string {
  return `host=${host} port=${port} user=${user} password=${password} dbname=${database}`;
}
