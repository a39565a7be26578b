import { z } from 'zod';
import type { SearchBackupKind, SearchBackupManifest, SearchKeySecrets } from '../domain/search-backup.ts';
import type { Compression } from '../domain/recovery.ts';
import { backupFacts, compression, count, digest, file, parseAs, parseJson, type Parsed } from './parse-manifest.ts';

const manifest = z.object({
  ...backupFacts,
  kind: z.enum(['dump', 'snapshot']),
  file,
  keySecrets: file,
  compression,
  serverVersion: z.string().min(1),
  state: z.object({
    indexes: z.record(
      z.string(),
      z.object({
        documents: count,
        primaryKey: z.string().nullable(),
        settingsDigest: digest,
        contentDigest: digest,
      }),
    ),
    keys: z.array(z.object({ uid: z.string().min(1), name: z.string().nullable(), rightsDigest: digest })),
  }),
});

/** Reads a manifest back from its JSON text, or gives every way in which the text is none. */
export function parseSearchManifest(text: string): Parsed<SearchBackupManifest> {
  return parseAs(manifest, text);
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
