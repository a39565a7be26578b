import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Authorisation } from './authentication.ts';
import { chunkSignature, decodeChunks, trailerSignature } from './chunked-signature.ts';
import { emptySha256, sha256, signingKey, signRequest } from './signature.ts';

/**
 * The published examples: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html and
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html: 66,560 times the letter a.
 */
const secretKey = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const scope = { timestamp: '20130524T000000Z', region: 'us-east-1' };
const content = Buffer.alloc(66_560, 'a');

function authorise(payloadHash: string, extra: Record<string, string> = {}): Authorisation {
  const headers: Record<string, string> = {
    host: 's3.amazonaws.com',
    'x-amz-date': scope.timestamp,
    'x-amz-storage-class': 'REDUCED_REDUNDANCY',
    'content-encoding': 'aws-chunked',
    'x-amz-decoded-content-length': '66560',
    'x-amz-content-sha256': payloadHash,
    ...extra,
  };
  const signedHeaders = Object.keys(headers).sort();
  const parts = {
    method: 'PUT',
    path: '/examplebucket/chunkObject.txt',
    query: '',
    headers,
    signedHeaders,
    payloadHash,
  };
  return { payloadHash, scope, key: signingKey(secretKey, scope), signature: signRequest(parts, scope, secretKey) };
}

const plain = authorise('STREAMING-AWS4-HMAC-SHA256-PAYLOAD', { 'content-length': '66824' });
const withTrailer = authorise('STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER', {
  'x-amz-trailer': 'x-amz-checksum-crc32c',
});
const trailer = ['x-amz-checksum-crc32c', 'sOO8/Q=='] as const;

/** The body of the example, with the chunks' right signatures. */
function body(authorisation: Authorisation, sizes: number[]): { bytes: Buffer; signatures: string[] } {
  const signatures: string[] = [];
  const frames: Buffer[] = [];
  for (const size of [...sizes, 0]) {
    const chunk = content.subarray(0, size);
    signatures.push(chunkSignature(authorisation, signatures.at(-1) ?? authorisation.signature, sha256(chunk)));
    frames.push(Buffer.from(`${size.toString(16)};chunk-signature=${signatures.at(-1)}\r\n`), chunk);
    if (size > 0) frames.push(Buffer.from('\r\n'));
  }
  return { bytes: Buffer.concat(frames), signatures };
}

async function decode(bytes: Buffer, authorisation: Authorisation, pieceBytes = bytes.length) {
  async function* pieces(): AsyncGenerator<Buffer> {
    for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
  }
  const trailers: [string, string][] = [];
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const piece of decodeChunks(pieces(), authorisation, (...pair) => trailers.push(pair))) {
    hash.update(piece);
    sizeBytes += piece.length;
  }
  return { sha256: hash.digest('hex'), sizeBytes, trailers };
}

const whole = { sha256: sha256(content), sizeBytes: content.length, trailers: [] };

describe('the examples of AWS', () => {
  test('the seed and the chunks have the published signatures', () => {
    expect(plain.signature).toBe('4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9');
    expect(body(plain, [65_536, 1024]).signatures).toEqual([
      'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648',
      '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497',
      'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9',
    ]);
  });

  test('with a trailer', () => {
    expect(withTrailer.signature).toBe('106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e');
    const { signatures } = body(withTrailer, [65_536, 1024]);
    expect(signatures).toEqual([
      'b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2',
      '1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7',
      '2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992',
    ]);
    expect(trailerSignature(withTrailer, signatures.at(-1) ?? '', [trailer])).toBe(
      'd81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435',
    );
  });
});

describe('decoding', () => {
  const { bytes } = body(plain, [65_536, 1024]);

  test.for([1000, 65_536, 7, 1_000_000])('pieces of %i bytes give the content back', async (pieceBytes) => {
    expect(await decode(bytes, plain, pieceBytes)).toEqual(whole);
  });

  test('the last line end may be there or not', async () => {
    expect(await decode(Buffer.concat([bytes, Buffer.from('\r\n')]), plain)).toEqual(whole);
  });

  test('a signed trailer is handed over', async () => {
    const chunks = body(withTrailer, [65_536, 1024]);
    const signature = trailerSignature(withTrailer, chunks.signatures.at(-1) ?? '', [trailer]);
    const end = (text: string) => Buffer.concat([chunks.bytes, Buffer.from(text)]);
    const right = end(`${trailer.join(':')}\r\nx-amz-trailer-signature:${signature}\r\n\r\n`);
    expect(await decode(right, withTrailer)).toEqual({ ...whole, trailers: [[...trailer]] });
    for (const wrong of [
      '\r\n',
      `${trailer.join(':')}\r\n\r\n`,
      `x-amz-checksum-crc32c:AAAA\r\nx-amz-trailer-signature:${signature}\r\n`,
    ]) {
      await expect(decode(end(wrong), withTrailer)).rejects.toMatchObject({ code: 'SignatureDoesNotMatch' });
    }
  });

  test.for([
    ['a changed byte', (good: Buffer) => flip(good, 200), 'SignatureDoesNotMatch'],
    ['a changed signature', (good: Buffer) => flip(good, 30), 'SignatureDoesNotMatch'],
    ['a missing last chunk', (good: Buffer) => good.subarray(0, good.lastIndexOf('0;chunk')), 'IncompleteBody'],
    ['an end within a chunk', (good: Buffer) => good.subarray(0, 5000), 'IncompleteBody'],
    ['no frames at all', () => content, 'InvalidRequest'],
    ['a chunk without a signature', () => Buffer.from('1\r\na\r\n0\r\n\r\n'), 'SignatureDoesNotMatch'],
    ['a chunk that is longer than it says', () => Buffer.from('1\r\nab\r\n0\r\n'), 'SignatureDoesNotMatch'],
    ['a size that is none', () => Buffer.from('-1\r\n\r\n'), 'InvalidRequest'],
  ] as const)('%s is refused', async ([, forge, code]) => {
    await expect(decode(forge(Buffer.from(bytes)), plain)).rejects.toMatchObject({ code });
  });

  test('without signatures the frames are checked all the same', async () => {
    const unsigned = { ...plain, payloadHash: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' };
    expect(await decode(Buffer.from('3\r\nabc\r\n0\r\nx-a: 1\r\n\r\n'), unsigned)).toEqual({
      sha256: sha256('abc'),
      sizeBytes: 3,
      trailers: [['x-a', '1']],
    });
    expect(await decode(Buffer.from('0\r\n\r\n'), unsigned)).toMatchObject({ sha256: emptySha256, sizeBytes: 0 });
    await expect(decode(Buffer.from('1\r\nab\r\n0\r\n'), unsigned)).rejects.toMatchObject({ code: 'InvalidRequest' });
  });
});

function flip(bytes: Buffer, at: number): Buffer {
  bytes[at] = bytes[at] === 0x61 ? 0x62 : 0x61;
  return bytes;
}
