import { z } from 'zod';
import type { BackupManifest } from '../domain/recovery.ts';

const file = z.object({
  key: z.string().min(1),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hex digits'),
  sizeBytes: z.number().int().nonnegative(),
});

const lines = z.array(z.string());
const integerText = z.string().regex(/^-?\d+$/, 'expected an integer as text');

const content = z.object({
  schemaChecksum: z.string().min(1),
  tables: z.record(z.string(), z.object({ rows: z.number().int().nonnegative(), digest: z.string().min(1) })),
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
  schemaVersion: z.literal(1),
  id: z.string().min(1),
  setId: z.string().min(1).exactOptional(),
  database: z.string().min(1),
  dump: file,
  roles: file,
  compression: z.enum(['zstd', 'xz']),
  recipient: z.string().startsWith('age1'),
  coveredAt: z.iso.datetime(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  durationMs: z.number().nonnegative(),
  lsn: z.string().regex(/^[0-9A-F]+\/[0-9A-F]+$/, 'expected a log position such as 0/16B3748'),
  serverVersion: z.string().min(1),
  content,
});

/** The manifest, or every way in which the text is none: `path: problem`. */
export type ParsedManifest = { manifest: BackupManifest } | { problems: string[] };

/** Reads a manifest back from its JSON text. */
export function parseManifest(text: string): ParsedManifest {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    // The parser's message quotes the text, which is of no use to anybody when it is long.
    return { problems: [`not JSON: ${error instanceof Error ? error.message.slice(0, 120) : 'unreadable'}`] };
  }
  const result = manifest.safeParse(json);
  if (result.success) return { manifest: result.data };
  return { problems: result.error.issues.map(({ path, message }) => `${path.join('.') || 'manifest'}: ${message}`) };
}

const manifestSuffix = '.manifest.json';

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

/** Whether an object of the bucket is a manifest, by its key. */
export function isManifestKey(key: string): boolean {
  return key.endsWith(manifestSuffix);
}
