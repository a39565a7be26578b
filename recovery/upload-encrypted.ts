import type { Readable } from 'node:stream';
import type { Client } from 'minio';
import type { BackupFile, Compression } from '../domain/recovery.ts';
import type { Progress } from '../domain/timeline.ts';
import { compress } from './compression.ts';
import { encrypt } from './encryption.ts';
import { uploadStream } from './upload-stream.ts';

export interface EncryptedUpload {
  client: Client;
  bucket: string;
  key: string;
  plain: Readable;
  compression: Compression;
  /** The age public key. */
  recipient: string;
  /** Told of the stored bytes. */
  progress: Progress;
  signal: AbortSignal;
}

/**
 * Streams `plain`, compressed and encrypted, into one object, and gives its size and sha256. The object appears whole or
 * not at all; `plain` is closed in every path. Throws what failed first, and the reason of `signal` when it aborts
 * before the beginning.
 */
export async function uploadEncrypted(upload: EncryptedUpload): Promise<BackupFile> {
  const { client, bucket, key, plain, compression, recipient, progress, signal } = upload;
  signal.throwIfAborted();
  const stop = (): void => void plain.destroy(new Error('the backup was interrupted'));
  signal.addEventListener('abort', stop, { once: true });
  try {
    const source = await encrypt(await compress(plain, compression), recipient);
    const onBytes = (sizeBytes: number): void => progress.advance(sizeBytes, undefined, 'bytes');
    return await uploadStream({ client, bucket, key, source, onBytes });
  } finally {
    signal.removeEventListener('abort', stop);
    plain.destroy();
  }
}
