import type { Client, CopySourceOptions } from 'minio';
import { objectLibrary } from '../stack/clients.ts';

/** Names the source as S3 reads it. The client leaves `?`, `#` and `+` of a key as they are, which then mean another. */
function exactSource(bucket: string, key: string, versionId: string): CopySourceOptions {
  const source = new (objectLibrary().CopySourceOptions)({ Bucket: bucket, Object: key, VersionID: versionId });
  const path = `${bucket}/${key}`.split('/').map(encodeURIComponent).join('/');
  source.getHeaders = () => ({ 'x-amz-copy-source': `${path}?versionId=${encodeURIComponent(versionId)}` });
  return source;
}

/**
 * Writes a version of an object once more as its newest version. The bytes, the metadata and the tags stay in the
 * store. Gives the id of the new version.
 */
export async function copyVersion(client: Client, bucket: string, key: string, versionId: string): Promise<string> {
  const { CopyDestinationOptions } = objectLibrary();
  const source = exactSource(bucket, key, versionId);
  const copied = await client.copyObject(source, new CopyDestinationOptions({ Bucket: bucket, Object: key }));
  return ('VersionId' in copied && copied.VersionId) || 'null';
}
