import { CopyDestinationOptions, CopySourceOptions, type Client } from 'minio';

/** Names the source as S3 reads it. The client leaves `?`, `#` and `+` of a key as they are, which then mean another. */
class ExactSource extends CopySourceOptions {
  override getHeaders(): Record<string, string> {
    const path = `${this.Bucket}/${this.Object}`.split('/').map(encodeURIComponent).join('/');
    return { 'x-amz-copy-source': `${path}?versionId=${encodeURIComponent(this.VersionID)}` };
  }
}

/**
 * Writes a version of an object once more as its newest version. The bytes, the metadata and the tags stay in the
 * store. Gives the id of the new version.
 */
export async function copyVersion(client: Client, bucket: string, key: string, versionId: string): Promise<string> {
  const source = new ExactSource({ Bucket: bucket, Object: key, VersionID: versionId });
  const copied = await client.copyObject(source, new CopyDestinationOptions({ Bucket: bucket, Object: key }));
  return ('VersionId' in copied && copied.VersionId) || 'null';
}
