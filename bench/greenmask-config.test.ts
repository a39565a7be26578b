import { expect, test } from 'vitest';
import { greenmaskConfig } from './greenmask-config.ts';

test('the policy as Greenmask reads it', () => {
  const connection = { host: 'h', port: 1, user: 'u', password: 'p', database: 'd' };
  const places = { programs: '/bin', folder: '/tmp/x', source: connection, target: connection, jobs: 2 };
  const policy = {
    tables: {
      'auth.sessions': { clear: true, columns: {} },
      'public.kept': { columns: { id: { kind: 'keep' } } },
      'public.c': {
        columns: {
          id: { kind: 'keep' },
          email: { kind: 'replace', template: 'test-{id}@example.com' },
          notes: { kind: 'redact', as: 'text' },
          profile: { kind: 'redact', as: 'json' },
          iban: { kind: 'null' },
        },
      },
    },
  } as const;
  const { dump, restore } = JSON.parse(greenmaskConfig(policy, places)) as Record<string, Record<string, unknown>>;
  expect(dump).toEqual({
    pg_dump_options: {
      dbname: 'host=h port=1 user=u password=p dbname=d',
      jobs: 2,
      'exclude-table-data': ['auth.sessions'],
    },
    transformation: [
      {
        schema: 'public',
        name: 'c',
        apply_for_inherited: true,
        transformers: [
          {
            name: 'Template',
            params: { column: 'email', template: 'test-{{ .GetRawColumnValue "id" }}@example.com' },
          },
          { name: 'Masking', params: { column: 'notes' } },
          { name: 'Replace', params: { column: 'profile', value: '{}', keep_null: true, validate: false } },
          { name: 'SetNull', params: { column: 'iban' } },
        ],
      },
    ],
  });
  expect(restore).toEqual({ pg_restore_options: { jobs: 2, dbname: 'host=h port=1 user=u password=p dbname=d' } });
});
