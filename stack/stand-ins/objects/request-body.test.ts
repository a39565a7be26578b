import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Authorisation } from './authentication.ts';
import { openBody } from './request-body.ts';
import { sha256 } from './signature.ts';
import { piecesOf } from './test-support.ts';

const content = 'Welcome to Amazon S3.';
const crc32Bytes = Buffer.alloc(4);
crc32Bytes.writeUInt32BE(crc32(content));
const crc32Text = crc32Bytes.toString('base64');
const digest = (algorithm: string) => createHash(algorithm).update(content).digest('base64');

function authorisation(payloadHash: string): Authorisation {
  return { payloadHash, signature: '', scope: { timestamp: '20130524T000000Z', region: 'r' }, key: Buffer.alloc(32) };
}

function read(headers: Record<string, string>, payloadHash = 'UNSIGNED-PAYLOAD'): Promise<string> {
  return openBody(piecesOf(content, 4), { 'content-length': '21', ...headers }, authorisation(payloadHash)).text();
}

describe('a body', () => {
  test('that fits everything said of it is read', async () => {
    const headers = {
      'content-md5': digest('md5'),
      'x-amz-checksum-sha256': digest('sha256'),
      'x-amz-checksum-sha1': digest('sha1'),
      'x-amz-checksum-crc32': crc32Text,
    };
    expect(await read(headers, sha256(content))).toBe(content);
  });

  test('gives its MD5 once it was read', async () => {
    const body = openBody(piecesOf(content), { 'content-length': '21' }, authorisation(sha256(content)));
    await body.text();
    expect(body).toMatchObject({ sizeBytes: 21 });
    expect(body.md5()).toBe(createHash('md5').update(content).digest('hex'));
  });

  test.for([
    ['another sha256', {}, sha256('other'), 'XAmzContentSHA256Mismatch'],
    ['another MD5', { 'content-md5': createHash('md5').digest('base64') }, undefined, 'BadDigest'],
    ['another checksum', { 'x-amz-checksum-crc32c': 'AAAAAA==' }, undefined, 'XAmzContentChecksumMismatch'],
    [
      'a checksum that never comes',
      { 'x-amz-trailer': 'x-amz-checksum-crc32' },
      undefined,
      'XAmzContentChecksumMismatch',
    ],
    ['another length', { 'content-length': '20' }, undefined, 'IncompleteBody'],
  ] as const)('with %s is refused', async ([, headers, payloadHash, code]) => {
    await expect(read(headers, payloadHash)).rejects.toMatchObject({ code });
  });

  test('with an MD5 that is none, or a checksum that is not known, is refused before it is read', () => {
    expect(() => read({ 'content-md5': 'x' })).toThrow(expect.objectContaining({ code: 'InvalidDigest' }));
    expect(() => read({ 'x-amz-checksum-crc64nvme': 'x' })).toThrow(
      expect.objectContaining({ code: 'NotImplemented' }),
    );
    expect(() => read({ 'x-amz-checksum-algorithm': 'CRC32' })).not.toThrow();
  });

  test('that is too long for a small document is refused', async () => {
    const body = openBody(piecesOf(Buffer.alloc(9_000_000), 65_536), {}, authorisation('UNSIGNED-PAYLOAD'));
    await expect(body.text()).rejects.toMatchObject({ code: 'EntityTooLarge' });
  });
});
