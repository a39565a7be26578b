import { z } from 'zod';
import { backupFacts, count, digest, parseAs, type Parsed } from './parse-manifest.ts';

const texts = z.record(z.string(), z.string());

const bucket = z.object({
  name: z.string().min(3),
  versioning: z.enum(['Off', 'Enabled', 'Suspended']),
  /** Made with Object Lock: versions of its objects can be protected. */
  objectLock: z.boolean(),
});

const entry = z.object({
  bucket: z.string().min(3),
  key: z.string().min(1),
  sizeBytes: count,
  sha256: digest,
  /** Size of the encrypted content in the backup store. */
  storedBytes: z.number().int().positive(),
  contentType: z.string().exactOptional(),
  /** Cache-Control, Content-Encoding, Content-Disposition and Content-Language, in small letters, where set. */
  headers: texts,
  userMetadata: texts,
  tags: texts,
  retention: z.object({ mode: z.enum(['GOVERNANCE', 'COMPLIANCE']), until: z.iso.datetime() }).exactOptional(),
  legalHold: z.literal(true).exactOptional(),
  /** With the size: by which the next backup sees that the object is still the same. */
  etag: z.string(),
  lastModified: z.iso.datetime(),
  /** Only where the bucket keeps versions. */
  versionId: z.string().exactOptional(),
});

const skipped = z.object({
  bucket: z.string(),
  key: z.string(),
  /** `vanished` while the backup ran; `unsettled`: no reading of it came out whole and unchanged. */
  reason: z.enum(['vanished', 'unsettled']),
});

const manifest = z
  .object({
    ...backupFacts,
    kind: z.literal('objects'),
    buckets: z.array(bucket),
    entries: z.array(entry),
    skipped: z.array(skipped),
    counts: z.object({
      objects: count,
      sizeBytes: count,
      /** Read from the source; the others were as in the manifest before. */
      objectsRead: count,
      readBytes: count,
      /** Contents written; the others were in the store. */
      contentsWritten: count,
      writtenBytes: count,
    }),
  })
  .superRefine(({ buckets, entries, counts }, context) => {
    const problem = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    const names = new Set(buckets.map(({ name }) => name));
    const keys = new Set(entries.map((object) => `${object.bucket}/${object.key}`));
    const sizeBytes = entries.reduce((sum, object) => sum + object.sizeBytes, 0);
    if (counts.objects !== entries.length)
      problem('counts.objects', `${counts.objects}, but ${entries.length} entries`);
    if (counts.sizeBytes !== sizeBytes) problem('counts.sizeBytes', `${counts.sizeBytes}, but entries of ${sizeBytes}`);
    if (keys.size !== entries.length) problem('entries', 'an object is named twice');
    const stray = entries.find((object) => !names.has(object.bucket));
    if (stray) problem('entries', `${stray.bucket}/${stray.key} is in no bucket of the manifest`);
  });

/**
 * What is written, last, beside a backup of objects. It is not encrypted, since the next backup, which has no secret
 * key, reads it: keys, metadata and tags of the objects stand in it as they are.
 */
export type ObjectsManifest = z.infer<typeof manifest>;
/** One object as it was when it was read. */
export type ObjectEntry = z.infer<typeof entry>;
export type BucketEntry = z.infer<typeof bucket>;
/** An object that was listed and is not in the backup. */
export type SkippedObject = z.infer<typeof skipped>;

/** A backup of objects that exists in the store. */
export interface ObjectsRestorePoint {
  bucket: string;
  /** Keys of the manifest and of all contents begin with it. */
  prefix: string;
  manifestKey: string;
  manifest: ObjectsManifest;
}

/** Reads a manifest back from its JSON text, or gives every way in which the text is none. */
export function parseObjectsManifest(text: string): Parsed<ObjectsManifest> {
  return parseAs(manifest, text);
}
