import { z } from 'zod';
import type { BackupManifest } from '../domain/recovery.ts';
import { backupFacts, compression, count, file, parseAs, type Parsed } from './parse-manifest.ts';

const lines = z.array(z.string());
const integerText = z.string().regex(/^-?\d+$/, 'expected an integer as text');

const tables = z.record(z.string(), z.object({ rows: count, digest: z.string().min(1) }));

const statements = z.record(z.string(), z.string().min(1));

const content = z.object({
  format: z.literal([2, 3]).exactOptional(),
  schemaChecksum: z.string().min(1),
  tables,
  materialisedViews: tables.exactOptional(),
  locale: z
    .object({
      encoding: z.string().min(1),
      collate: z.string(),
      ctype: z.string(),
      provider: z.enum(['libc', 'icu', 'builtin']),
      locale: z.string().exactOptional(),
      rules: z.string().exactOptional(),
    })
    .exactOptional(),
  bootstrapRole: z.string().min(1).exactOptional(),
  samples: z
    .record(z.string(), z.object({ rows: count, columns: z.record(z.string(), z.string().min(1)) }))
    .exactOptional(),
  statements: z
    .object({ definitions: statements, globals: statements, tables: statements.exactOptional() })
    .exactOptional(),
  sequences: z.array(
    z.object({
      name: z.string(),
      next: integerText,
      column: z.string().exactOptional(),
      columnMax: integerText.exactOptional(),
      descending: z.literal(true).exactOptional(),
    }),
  ),
  columns: lines,
  constraints: lines,
  indexes: lines,
  extensions: lines,
  roles: lines,
  grants: lines,
  policies: lines,
  triggers: lines,
  functions: lines,
  views: lines,
  others: lines,
});

const manifest = z.object({
  ...backupFacts,
  database: z.string().min(1),
  dump: file,
  roles: file,
  compression,
  lsn: z.string().regex(/^[0-9A-F]+\/[0-9A-F]+$/, 'expected a log position such as 0/16B3748'),
  serverVersion: z.string().min(1),
  content,
});

/** Reads a manifest back from its JSON text, or gives every way in which the text is none. */
export function parseManifest(text: string): Parsed<BackupManifest> {
  return parseAs(manifest, text);
}

/** How the keys of manifests end, of databases and of search servers. */
export const manifestSuffix = '.manifest.json';

/** Keys of a backup's three objects in its bucket. */
export function backupKeys(
  prefix: string,
  id: string,
  compression: BackupManifest['compression'],
): { dump: string; roles: string; manifest: string } {
  const extension = compression === 'zstd' ? 'zst' : 'xz';
  return {
    dump: `${prefix}${id}.dump.${extension}.age`,
    roles: `${prefix}${id}.roles.sql.${extension}.age`,
    manifest: `${prefix}${id}${manifestSuffix}`,
  };
}
