import type { BackupFile } from '../../domain/recovery.ts';
import type { ObjectStoreAccess } from '../../domain/service.ts';
import { uploadStream } from '../../recovery/upload-stream.ts';
import { objectClient } from '../../stack/clients.ts';

/** Writes the first nine tenths of a stored file under another key, in parts; gives their size in bytes. */
export async function copyCut(
  access: ObjectStoreAccess,
  bucket: string,
  file: Pick<BackupFile, 'key' | 'sizeBytes'>,
  key: string,
): Promise<number> {
  const client = objectClient(access);
  const keptBytes = Math.floor(file.sizeBytes * 0.9);
  const source = await client.getPartialObject(bucket, file.key, 0, keptBytes);
  await uploadStream({ client, bucket, key, source });
  return keptBytes;
}

/** Puts the first nine tenths of a stored file in its place; gives their size in bytes. */
export async function cutFile(
  access: ObjectStoreAccess,
  bucket: string,
  file: Pick<BackupFile, 'key' | 'sizeBytes'>,
): Promise<number> {
  const client = objectClient(access);
  const temporary = `${file.key}.cut`;
  const keptBytes = await copyCut(access, bucket, file, temporary);
  await client.copyObject(bucket, file.key, `/${bucket}/${temporary}`);
  await client.removeObject(bucket, temporary);
  return keptBytes;
}
