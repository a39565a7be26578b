import { z } from 'zod';
import type { SearchBackupKind, SearchBackupManifest, SearchKeySecrets } from '../domain/search-backup.ts';
import type { Compression } from '../domain/recovery.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hex digits');
const file = z.object({ key: z.string().min(1), sha256: digest, sizeBytes: z.number().int().nonnegative() });

const manifest = z.object({
  schemaVersion: z.literal(1),
  id: z.string().min(1),
  setId: z.string().min(1).exactOptional(),
  kind: z.enum(['dump', 'snapshot']),
  file,
  keySecrets: file,
  compression: z.enum(['zstd', 'xz']),
  recipient: z.string().startsWith('age1'),
  coveredAt: z.iso.datetime(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  durationMs: z.number().nonnegative(),
  serverVersion: z.string().min(1),
  state: z.object({
    indexes: z.record(
      z.string(),
      z.object({
        documents: z.number().int().nonnegative(),
        primaryKey: z.string().nullable(),
        settingsDigest: digest,
        contentDigest: digest,
      }),
    ),
    keys: z.array(z.object({ uid: z.string().min(1), name: z.string().nullable(), rightsDigest: digest })),
  }),
});

/** The manifest of a backup of a search server, or every way in which the text is none: `path: problem`. */
export type ParsedSearchManifest = { manifest: SearchBackupManifest } | { problems: string[] };

/** Reads a manifest back from its JSON text. */
export function parseSearchManifest(text: string): ParsedSearchManifest {
  const json = parseJson(text);
  if (json === undefined) return { problems: ['not JSON'] };
  const result = manifest.safeParse(json);
  if (result.success) return { manifest: result.data };
  return { problems: result.error.issues.map(({ path, message }) => `${path.join('.') || 'manifest'}: ${message}`) };
}

/** Reads the digests of the keys' secrets back; `undefined` when the text is something else. */
export function parseKeySecrets(text: string): SearchKeySecrets | undefined {
  const result = z.record(z.string(), digest).safeParse(parseJson(text));
  return result.success ? result.data : undefined;
}

/** Keys of the three objects of a backup in its bucket. */
export function searchBackupKeys(
  prefix: string,
  id: string,
  kind: SearchBackupKind,
  compression: Compression,
): { file: string; keySecrets: string; manifest: string } {
  const extension = compression === 'zstd' ? 'zst' : 'xz';
  return {
    file: `${prefix}${id}.${kind}.${extension}.age`,
    keySecrets: `${prefix}${id}.key-secrets.json.${extension}.age`,
    manifest: `${prefix}${id}.manifest.json`,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
