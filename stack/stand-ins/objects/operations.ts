import {
  deleteObjects,
  getLocation,
  getObjectLock,
  getVersioning,
  headBucket,
  listBuckets,
  makeBucket,
  putVersioning,
  removeBucket,
} from './bucket-operations.ts';
import { copyObject, copyPart } from './copy-operations.ts';
import { S3Error } from './errors.ts';
import type { Operation, S3Request } from './exchange.ts';
import { listObjects, listObjectsV2, listVersions } from './listing-operations.ts';
import {
  abortMultipart,
  completeMultipart,
  listMultipartParts,
  startMultipart,
  uploadPart,
} from './multipart-operations.ts';
import { deleteObject, getObject, putObject } from './object-operations.ts';
import { deleteObjectTags, getObjectTags, putObjectTags } from './tag-operations.ts';
import { listMultipartUploads } from './upload-listing.ts';

/** Everything the store does, by method, level and what the query asks for. Anything else is `NotImplemented`. */
const operations: Record<string, Operation> = {
  'GET service': listBuckets,
  'PUT bucket': makeBucket,
  'HEAD bucket': headBucket,
  'DELETE bucket': removeBucket,
  'GET bucket': listObjects,
  'GET bucket?list-type=2': listObjectsV2,
  'GET bucket?versions': listVersions,
  'GET bucket?uploads': listMultipartUploads,
  'GET bucket?location': getLocation,
  'GET bucket?versioning': getVersioning,
  'PUT bucket?versioning': putVersioning,
  'GET bucket?object-lock': getObjectLock,
  'POST bucket?delete': deleteObjects,
  'PUT object': putObject,
  'PUT object from': copyObject,
  'GET object': getObject,
  'HEAD object': getObject,
  'DELETE object': deleteObject,
  'GET object?tagging': getObjectTags,
  'PUT object?tagging': putObjectTags,
  'DELETE object?tagging': deleteObjectTags,
  'POST object?uploads': startMultipart,
  'PUT object?uploadId': uploadPart,
  'PUT object?uploadId from': copyPart,
  'GET object?uploadId': listMultipartParts,
  'POST object?uploadId': completeMultipart,
  'DELETE object?uploadId': abortMultipart,
};

/** Words in a query that make it a request of another kind. Source: S3 API reference, list of actions. */
const kinds = [
  'accelerate acl analytics attributes cors delete encryption intelligent-tiering inventory legal-hold lifecycle',
  'location logging metrics notification object-lock ownershipControls policy policyStatus publicAccessBlock',
  'replication requestPayment restore retention select tagging torrent uploadId uploads versioning versions website',
].flatMap((line) => line.split(' '));

/** The operation that a request asks for; throws `NotImplemented`, naming what is not there. */
export function operationFor({ method, bucket, key, query, headers }: Omit<S3Request, 'body'>): Operation {
  const level = bucket === '' ? 'service' : key === '' ? 'bucket' : 'object';
  const kind = kinds.find((word) => query.has(word)) ?? (query.get('list-type') === '2' ? 'list-type=2' : undefined);
  const copies = method === 'PUT' && headers['x-amz-copy-source'] !== undefined;
  const name = `${method} ${level}${kind ? `?${kind}` : ''}${copies ? ' from' : ''}`;
  const operation = operations[name];
  if (!operation) throw new S3Error('NotImplemented', `The built-in stand-in does not implement ${name}.`);
  return operation;
}
