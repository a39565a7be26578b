import { createHash } from 'node:crypto';
import { PassThrough, type Readable } from 'node:stream';
import type { Client } from 'minio';
import { DrillError, messageOf } from '../domain/drill-error.ts';
import type { BackupFile, Compression } from '../domain/recovery.ts';
import { decompress } from './compression.ts';
import { decrypt } from './decryption.ts';
import { storeError } from './store-error.ts';
import { writeTo } from './write-to.ts';

export interface ReadOptions {
  client: Client;
  bucket: string;
  file: BackupFile;
  compression: Compression;
  /** The age secret key. */
  identity: string;
  /** Told of the stored bytes that were read so far. */
  onBytes?: (sizeBytes: number) => void;
}

/** An encrypted file of a backup while it is read. */
export interface OpenArtefact extends AsyncDisposable {
  /**
   * The plain content, chunk by chunk. It ends only after the stored bytes were held against the manifest; otherwise
   * it throws `backup-invalid`: another size or sha256, or data that does not decrypt or decompress.
   */
  chunks(): AsyncGenerator<Buffer>;
  /** What was stored, once it was read to its end, whether it could be decrypted or not. */
  stored: Promise<Omit<BackupFile, 'key'>>;
}

/**
 * Opens a file of a backup: store -> sha256 -> age -> decompression, streamed. Throws before the first byte when the
 * object is missing (`backup-missing`), is no age file (`backup-invalid`) or the key does not fit
 * (`decryption-failed`).
 */
export async function readArtefact(options: ReadOptions): Promise<OpenArtefact> {
  const { client, bucket, file, compression, identity, onBytes } = options;
  const where = `${bucket}/${file.key}`;
  const object = await client.getObject(bucket, file.key).catch((cause: unknown) => {
    throw storeError(cause, where);
  });
  const encrypted = new PassThrough();
  const stored = digestInto(object, encrypted, where, onBytes);
  // Whoever reads the chunks meets the same error there.
  stored.catch(() => undefined);
  const close = async (): Promise<void> => {
    object.destroy();
    encrypted.destroy();
    await stored.catch(() => undefined);
  };
  try {
    const plain = await decompress(await decrypt(encrypted, identity, where), compression);
    return { chunks: () => checked(plain, stored, file, where), stored, [Symbol.asyncDispose]: close };
  } catch (error) {
    // The size says more than the parser when the object is not what the manifest describes.
    if (error instanceof DrillError && error.code === 'backup-invalid')
      await stored.then((found) => compare(found, file, where));
    await close();
    throw error;
  }
}

/**
 * Copies the object into `target` and hashes it on the way. A target that breaks is left behind: the rest is still
 * hashed, so that the sha256 tells a damaged file from a fault of ours.
 */
async function digestInto(
  object: Readable,
  target: PassThrough,
  where: string,
  onBytes?: (sizeBytes: number) => void,
): Promise<Omit<BackupFile, 'key'>> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  target.on('error', () => {});
  try {
    for await (const chunk of object as AsyncIterable<Buffer>) {
      hash.update(chunk);
      sizeBytes += chunk.length;
      onBytes?.(sizeBytes);
      await writeTo(target, chunk);
    }
  } catch (cause) {
    const error = storeError(cause, where);
    target.destroy(error);
    throw error;
  }
  target.end();
  return { sha256: hash.digest('hex'), sizeBytes };
}

async function* checked(
  plain: Readable,
  stored: Promise<Omit<BackupFile, 'key'>>,
  file: BackupFile,
  where: string,
): AsyncGenerator<Buffer> {
  try {
    yield* plain as AsyncIterable<Buffer>;
  } catch (cause) {
    if (cause instanceof DrillError) throw cause;
    compare(await stored, file, where);
    throw new DrillError({
      code: 'backup-invalid',
      what: 'the backup cannot be read to its end',
      expected: 'data that decrypts and decompresses',
      actual: messageOf(cause),
      where,
      cause,
    });
  }
  compare(await stored, file, where);
}

/** Throws `backup-invalid` unless the stored bytes are those that the manifest describes. */
function compare(found: Omit<BackupFile, 'key'>, file: BackupFile, where: string): void {
  if (found.sizeBytes === file.sizeBytes && found.sha256 === file.sha256) return;
  const size = found.sizeBytes === file.sizeBytes ? 'the same size' : `${found.sizeBytes.toLocaleString('en')} bytes`;
  throw new DrillError({
    code: 'backup-invalid',
    what: 'the backup is not what its manifest describes',
    expected: `${file.sizeBytes.toLocaleString('en')} bytes with sha256 ${file.sha256}`,
    actual: `${size}, sha256 ${found.sha256}`,
    where,
    hint: 'It was altered or cut short after it was written. Use an earlier backup and find out what changed this one.',
  });
}

/** Throws unless the object is there (`backup-missing`) in the size that the manifest gives (`backup-invalid`). */
export async function requireStored(client: Client, bucket: string, file: BackupFile): Promise<void> {
  const where = `${bucket}/${file.key}`;
  const { size } = await client.statObject(bucket, file.key).catch((cause: unknown) => {
    throw storeError(cause, where);
  });
  if (size === file.sizeBytes) return;
  throw new DrillError({
    code: 'backup-invalid',
    service: 'backups',
    what: 'the backup is not what its manifest describes',
    expected: `${file.sizeBytes.toLocaleString('en')} bytes`,
    actual: `${size.toLocaleString('en')} bytes`,
    where,
    hint: 'It was cut short or replaced after it was written. Use an earlier backup and find out what changed this one.',
  });
}
