import type { Client } from 'minio';

/** An object as a listing gives it. */
export interface ListedObject {
  key: string;
  sizeBytes: number;
  etag: string;
  lastModified: Date;
}

/** All objects of a bucket under a prefix, as they are now, without older versions; in the order of the store. */
export async function listObjects(client: Client, bucket: string, prefix = ''): Promise<ListedObject[]> {
  return Array.fromAsync(eachObject(client, bucket, prefix));
}

/** Likewise those right under a prefix that ends with a slash, not those of its folders, which the store skips. */
export async function listFolder(client: Client, bucket: string, prefix: string): Promise<ListedObject[]> {
  return Array.fromAsync(eachObject(client, bucket, prefix, false));
}

/** Likewise one after another: a page of the listing is in memory at a time. */
export async function* eachObject(
  client: Client,
  bucket: string,
  prefix = '',
  withFolders = true,
): AsyncGenerator<ListedObject> {
  for await (const item of client.listObjectsV2(bucket, prefix, withFolders)) {
    const { name, size, etag, lastModified } = item as {
      name?: string;
      size: number;
      etag: string;
      lastModified: Date;
    };
    // A common prefix has no name.
    if (name !== undefined) yield { key: name, sizeBytes: size, etag, lastModified };
  }
}
