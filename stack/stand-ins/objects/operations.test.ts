import { describe, expect, test } from 'vitest';
import { copyObject } from './copy-operations.ts';
import { parseTarget } from './exchange.ts';
import { listObjectsV2 } from './listing-operations.ts';
import { uploadPart } from './multipart-operations.ts';
import { headersToKeep, refuseHeaders } from './object-headers.ts';
import { getObject, putObject } from './object-operations.ts';
import { operationFor } from './operations.ts';

function find(method: string, target: string, headers: Record<string, string> = {}) {
  const [path = '', query = ''] = target.split('?');
  return operationFor({ method, ...parseTarget(path), query: new URLSearchParams(query), headers });
}

describe('a request finds its operation', () => {
  test('by method, level and query', () => {
    expect(find('GET', '/b/k')).toBe(getObject);
    expect(find('GET', '/b/k?versionId=null&x-id=GetObject')).toBe(getObject);
    expect(find('GET', '/b/?list-type=2&prefix=versions')).toBe(listObjectsV2);
    expect(find('PUT', '/b/a/b')).toBe(putObject);
    expect(find('PUT', '/b/k', { 'x-amz-copy-source': '/b/x' })).toBe(copyObject);
    expect(find('PUT', '/b/k?partNumber=1&uploadId=u')).toBe(uploadPart);
  });

  test.for([
    ['PUT', '/b/k?retention', 'PUT object?retention'],
    ['GET', '/b?policy', 'GET bucket?policy'],
    ['PUT', '/b?lifecycle', 'PUT bucket?lifecycle'],
    ['POST', '/b', 'POST bucket'],
    ['POST', '/b/k?select&select-type=2', 'POST object?select'],
    ['DELETE', '/', 'DELETE service'],
  ] as const)('%s %s is not here, and the answer names it', ([method, target, name]) => {
    expect(() => find(method, target)).toThrow(
      expect.objectContaining({
        code: 'NotImplemented',
        status: 501,
        message: expect.stringContaining(name) as string,
      }),
    );
  });
});

describe('bucket and key', () => {
  test.for([
    ['/', '', ''],
    ['/b', 'b', ''],
    ['/b/', 'b', ''],
    ['/b/a%2Fb/c%20d+e/', 'b', 'a/b/c d+e/'],
    ['/b/%C3%BC?', 'b', 'ü?'],
  ] as const)('%s', ([path, bucket, key]) => {
    expect(parseTarget(path)).toEqual({ bucket, key });
  });

  test.for([
    ['/b/../x', 'XMinioInvalidObjectName'],
    ['/b/a/%2E%2E/x', 'XMinioInvalidObjectName'],
    ['/b/a/.', 'XMinioInvalidObjectName'],
    ['/b/a//b', 'XMinioInvalidObjectName'],
    ['/b/a%00b', 'XMinioInvalidObjectName'],
    [`/b/${'%C3%BC'.repeat(513)}`, 'KeyTooLongError'],
    ['/b/%FF', 'InvalidURI'],
    ['/b/%zz', 'InvalidURI'],
  ] as const)('%s is refused', ([path, code]) => {
    expect(() => parseTarget(path)).toThrow(expect.objectContaining({ code }));
  });
});

describe('headers of an upload', () => {
  test('are kept when they describe the object', () => {
    const kept = { 'content-type': 'a/b', 'x-amz-meta-note': 'x', 'content-encoding': 'gzip', expires: 'never' };
    const other = { host: 'h', 'content-length': '1', 'x-amz-date': 'd', authorization: 'a' };
    expect(headersToKeep({ ...kept, ...other, 'content-encoding': 'aws-chunked,gzip' })).toEqual(kept);
    expect(headersToKeep({ 'content-encoding': 'aws-chunked' })).toEqual({});
  });

  test.for([
    { 'x-amz-server-side-encryption': 'AES256' },
    { 'x-amz-object-lock-mode': 'GOVERNANCE' },
    { 'x-amz-bucket-object-lock-enabled': 'true' },
    { 'x-amz-acl': 'public-read' },
    { 'x-amz-storage-class': 'GLACIER' },
    { 'x-minio-force-delete': 'true' },
  ])('that ask for what is not here are refused by name: %o', (headers) => {
    const [name = ''] = Object.keys(headers);
    expect(() => refuseHeaders(headers)).toThrow(
      expect.objectContaining({ code: 'NotImplemented', message: expect.stringContaining(name) as string }),
    );
  });

  test('that ask for what is so anyway are taken', () => {
    expect(() => refuseHeaders({ 'x-amz-acl': 'private', 'x-amz-storage-class': 'STANDARD' })).not.toThrow();
  });
});
