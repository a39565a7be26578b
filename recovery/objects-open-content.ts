import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Client } from 'minio';
import { DrillError, messageOf } from '../domain/drill-error.ts';
import type { OpenIdentity } from './age-header.ts';
import type { ContentOpener } from './contents-elsewhere.ts';
import { decryptChunks } from './decryption.ts';
import { contentKey } from './objects-contents.ts';
import type { ObjectEntry, ObjectsRestorePoint } from './objects-manifest.ts';
import { storeError } from './store-error.ts';

/**
 * The plain content of an object out of the backup store, in pieces. It ends only after size and sha256 were held
 * against the manifest; otherwise it throws `backup-invalid`, naming the object. Throws `backup-missing` and
 * `decryption-failed` before the first byte.
 */
export async function* readContent(
  client: Client,
  point: ObjectsRestorePoint,
  entry: ObjectEntry,
  identity: OpenIdentity,
): AsyncGenerator<Buffer> {
  const digest = createHash('sha256');
  let sizeBytes = 0;
  const where = placeOf(point, entry);
  const stored = await getStored(client, point, entry);
  try {
    for await (const piece of await decryptChunks(stored as AsyncIterable<Buffer>, identity, where)) {
      digest.update(piece);
      sizeBytes += piece.length;
      yield piece;
    }
  } catch (cause) {
    throw cause instanceof DrillError ? cause : invalid(entry, where, messageOf(cause), cause);
  } finally {
    stored.destroy();
  }
  compare(entry, where, sizeBytes, digest.digest('hex'));
}

/** Likewise at once, for a content that has room in memory. */
export async function readWholeContent(
  client: Client,
  point: ObjectsRestorePoint,
  entry: ObjectEntry,
  opener: ContentOpener,
): Promise<Buffer> {
  const where = placeOf(point, entry);
  const stored = await getStored(client, point, entry);
  try {
    const { plain, sha256 } = await opener.open(await gathered(stored as AsyncIterable<Buffer>), where);
    compare(entry, where, plain.length, sha256);
    return plain;
  } catch (cause) {
    throw cause instanceof DrillError ? cause : invalid(entry, where, messageOf(cause), cause);
  }
}

/** Throws unless the key opens a content of the backup: `decryption-failed`, `backup-missing` or `backup-invalid`. */
export async function requireKey(
  client: Client,
  point: ObjectsRestorePoint,
  entry: ObjectEntry,
  identity: OpenIdentity,
): Promise<void> {
  const stored = await getStored(client, point, entry);
  try {
    await decryptChunks(stored as AsyncIterable<Buffer>, identity, placeOf(point, entry));
  } finally {
    stored.destroy();
  }
}

/** In memory of its own, which can be given away. */
async function gathered(pieces: AsyncIterable<Buffer>): Promise<Uint8Array<ArrayBuffer>> {
  const all = await Array.fromAsync(pieces);
  const whole = new Uint8Array(all.reduce((sizeBytes, piece) => sizeBytes + piece.length, 0));
  let at = 0;
  for (const piece of all) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

function getStored(client: Client, point: ObjectsRestorePoint, entry: ObjectEntry): Promise<Readable> {
  return client.getObject(point.bucket, keyOf(point, entry)).catch((cause: unknown) => {
    throw storeError(cause, placeOf(point, entry));
  });
}

function keyOf({ prefix, manifest }: ObjectsRestorePoint, { sha256 }: ObjectEntry): string {
  return contentKey(prefix, manifest.recipient, sha256);
}

function placeOf(point: ObjectsRestorePoint, entry: ObjectEntry): string {
  return `${point.bucket}/${keyOf(point, entry)}, content of ${entry.bucket}/${entry.key}`;
}

function compare(entry: ObjectEntry, where: string, sizeBytes: number, sha256: string): void {
  if (sha256 === entry.sha256 && sizeBytes === entry.sizeBytes) return;
  throw invalid(entry, where, `${sizeBytes.toLocaleString('en')} bytes with sha256 ${sha256}`);
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
