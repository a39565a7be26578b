import { open, rm } from 'node:fs/promises';
import type { Client } from 'minio';
import { listObjects } from '../stack/list-objects.ts';
import type { OpenRecipient } from './age-header.ts';
import type { ReadContent } from './objects-take.ts';
import { recipientTag, sealedBytes, sealWhole } from './objects-seal.ts';
import { putWhole } from './put-whole.ts';
import { partBytesFor, uploadParts } from './upload-parts.ts';

/** Key of a content: under its recipient, since whoever has another key cannot read it, and by its sha256. */
export function contentKey(prefix: string, recipient: string, sha256: string): string {
  return `${prefix}contents/${recipientTag(recipient)}/${sha256.slice(0, 2)}/${sha256}.age`;
}

/** The encrypted contents of a backup store, each there once. */
export interface Contents {
  /** Whether the content is there in the size that it must have; one that was cut short is not. */
  has(sha256: string, sizeBytes: number): boolean;
  /** Stores a content unless it is there or on its way. Gives its stored size, and whether it was written. */
  put(sha256: string, sizeBytes: number, content: ReadContent): Promise<{ storedBytes: number; written: boolean }>;
}

export interface ContentsOptions {
  bucket: string;
  prefix: string;
  /** The age public key, as text and read. */
  recipient: string;
  opened: OpenRecipient;
}

/**
 * Opens the contents under a prefix: lists what is there. Contents are named by the sha256 of the plain bytes, so one
 * that an interrupted backup left is whole and is used by the next.
 */
export async function openContents(
  client: Client,
  { bucket, prefix, recipient, opened }: ContentsOptions,
): Promise<Contents> {
  const { headerBytes } = opened;
  const listed = await listObjects(client, bucket, `${prefix}contents/${recipientTag(recipient)}/`);
  const there = new Map(listed.map(({ key, sizeBytes }) => [key, sizeBytes]));
  const onTheirWay = new Map<string, Promise<void>>();
  const keyOf = (sha256: string): string => contentKey(prefix, recipient, sha256);
  const has = (sha256: string, sizeBytes: number): boolean =>
    there.get(keyOf(sha256)) === sealedBytes(sizeBytes, headerBytes);
  return {
    has,
    put: async (sha256, sizeBytes, content) => {
      const key = keyOf(sha256);
      const storedBytes = sealedBytes(sizeBytes, headerBytes);
      const begun = onTheirWay.get(key);
      const written = !begun && !has(sha256, sizeBytes);
      if (written) {
        const writing = write({ client, bucket, key }, content, opened, storedBytes).then(() => {
          there.set(key, storedBytes);
        });
        onTheirWay.set(key, writing);
        await writing;
      } else await begun;
      if ('sealedFile' in content) await rm(content.sealedFile, { force: true });
      return { storedBytes, written };
    },
  };
}

async function write(
  { client, bucket, key }: { client: Client; bucket: string; key: string },
  content: ReadContent,
  recipient: OpenRecipient,
  storedBytes: number,
): Promise<void> {
  if ('plain' in content) {
    await putWhole(client, bucket, key, await sealWhole(content.plain, recipient));
    return;
  }
  await using file = await open(content.sealedFile, 'r');
  const fill = async (into: Buffer): Promise<number> => {
    let filled = 0;
    while (filled < into.length) {
      const { bytesRead } = await file.read(into, filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return filled;
  };
  await uploadParts({ client, bucket, key, fill, partBytes: partBytesFor(storedBytes) });
}
