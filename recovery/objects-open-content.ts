import { createHash } from 'node:crypto';
import { PassThrough, pipeline, type Readable } from 'node:stream';
import type { Client } from 'minio';
import { DrillError, messageOf } from '../domain/drill-error.ts';
import { decrypt } from './decryption.ts';
import { contentKey } from './objects-contents.ts';
import type { ObjectEntry, ObjectsRestorePoint } from './objects-manifest.ts';
import { storeError } from './store-error.ts';

/**
 * The plain content of an object out of the backup store. It ends only after size and sha256 were held against the
 * manifest; otherwise it throws `backup-invalid`, naming the object. Throws `backup-missing` and `decryption-failed`
 * before the first byte.
 */
export async function* readContent(
  client: Client,
  point: ObjectsRestorePoint,
  entry: ObjectEntry,
  identity: string,
): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  await using content = await openContent(client, point, entry, identity);
  try {
    for await (const chunk of content.plain as AsyncIterable<Buffer>) {
      hash.update(chunk);
      sizeBytes += chunk.length;
      yield chunk;
    }
  } catch (cause) {
    throw cause instanceof DrillError ? cause : invalid(entry, content.where, messageOf(cause), cause);
  }
  const sha256 = hash.digest('hex');
  if (sha256 === entry.sha256 && sizeBytes === entry.sizeBytes) return;
  throw invalid(entry, content.where, `${sizeBytes.toLocaleString('en')} bytes with sha256 ${sha256}`);
}

/** Throws unless the key opens a content of the backup: `decryption-failed`, `backup-missing` or `backup-invalid`. */
export async function requireKey(
  client: Client,
  point: ObjectsRestorePoint,
  entry: ObjectEntry,
  identity: string,
): Promise<void> {
  await using _content = await openContent(client, point, entry, identity);
}

async function openContent(client: Client, point: ObjectsRestorePoint, entry: ObjectEntry, identity: string) {
  const key = contentKey(point.prefix, point.manifest.recipient, entry.sha256);
  const where = `${point.bucket}/${key}, content of ${entry.bucket}/${entry.key}`;
  const stored: Readable = await client.getObject(point.bucket, key).catch((cause: unknown) => {
    throw storeError(cause, where);
  });
  // What breaks in the store breaks the reader: `pipeline` carries it on.
  const encrypted = pipeline(stored, new PassThrough(), () => {});
  const close = (): Promise<void> => {
    stored.destroy();
    encrypted.destroy();
    return Promise.resolve();
  };
  try {
    return { plain: await decrypt(encrypted, identity, where), where, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

function invalid(entry: ObjectEntry, where: string, actual: string, cause?: unknown): DrillError {
  return new DrillError({
    code: 'backup-invalid',
    service: 'backups',
    what: 'a content of the backup is not what its manifest describes',
    expected: `${entry.sizeBytes.toLocaleString('en')} bytes with sha256 ${entry.sha256}`,
    actual,
    where,
    ...(cause !== undefined && { cause }),
  });
}
