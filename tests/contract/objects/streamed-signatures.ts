import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { objectClient } from '../../../stack/clients.ts';
import { streamedUpload, type StreamedUpload } from './streamed-request.ts';
import { bucketOf, read, type ContractPart } from './support.ts';

const chunks = [randomBytes(65_536), randomBytes(65_536), randomBytes(1_000)];
const content = Buffer.concat(chunks);

/** Bodies in signed chunks, as the SDKs send them when they do not know the whole body beforehand. */
export const streamedSignatureContract: ContractPart = (store) => {
  describe('signatures of streamed bodies', () => {
    let bucket = '';
    const upload = (raw: Partial<StreamedUpload>) =>
      streamedUpload(store().access, { bucket, key: 'streamed', chunks, ...raw });
    const stored = (key: string) => read(objectClient(store().access), bucket, key);
    const expectAbsent = (key: string) => expect(stored(key)).rejects.toMatchObject({ code: 'NoSuchKey' });

    beforeAll(async () => {
      ({ bucket } = await bucketOf(store()));
    });

    test('signed chunks become one object, without their frames', async () => {
      expect(await upload({ key: 'signed' })).toMatchObject({ status: 200 });
      expect(await stored('signed')).toEqual(content);
      const { metaData } = await objectClient(store().access).statObject(bucket, 'signed');
      expect(metaData).not.toHaveProperty('content-encoding', 'aws-chunked');
    });

    test('a body without bytes is one last chunk', async () => {
      expect(await upload({ key: 'empty', chunks: [] })).toMatchObject({ status: 200 });
      expect(await stored('empty')).toHaveLength(0);
    });

    test('one changed byte is refused', async () => {
      const answer = await upload({ key: 'changed', forge: (body) => flip(body, 70_000) });
      expect(answer).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' });
      await expectAbsent('changed');
    });

    test('a changed signature of the last chunk is refused', async () => {
      const answer = await upload({
        key: 'forged',
        forge: (body) => {
          const at = body.lastIndexOf('chunk-signature=') + 'chunk-signature='.length;
          body[at] = body[at] === 0x30 ? 0x31 : 0x30;
          return body;
        },
      });
      expect(answer).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' });
      await expectAbsent('forged');
    });

    test('chunks in another order are refused', async () => {
      const frameBytes = 65_536 + 'chunk-signature=;10000\r\n\r\n'.length + 64;
      const answer = await upload({
        key: 'swapped',
        forge: (body) =>
          Buffer.concat([
            body.subarray(frameBytes, 2 * frameBytes),
            body.subarray(0, frameBytes),
            body.subarray(2 * frameBytes),
          ]),
      });
      expect(answer).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' });
      await expectAbsent('swapped');
    });

    test('a body that ends before its last chunk is refused', async () => {
      const answer = await upload({ key: 'short', forge: (body) => body.subarray(0, 100_000) });
      // MinIO itself says 500 now and then, where the end of the body reaches it before it has read what came before.
      expect([400, 500]).toContain(answer.status);
      await expectAbsent('short');
    });

    test('fewer bytes than announced are refused', async () => {
      const answer = await upload({ key: 'fewer', announcedBytes: content.length + 1 });
      expect(answer.status).toBe(400);
      await expectAbsent('fewer');
    });

    const rightChecksums: [string, string][] = [
      ['x-amz-checksum-crc32', crc32Text(content)],
      ['x-amz-checksum-sha256', createHash('sha256').update(content).digest('base64')],
      ['x-amz-checksum-sha1', createHash('sha1').update(content).digest('base64')],
    ];

    test.for(rightChecksums)('a trailing %s is checked', async ([name, value]) => {
      for (const signed of [true, false]) {
        const key = `${name}-${String(signed)}`;
        expect(await upload({ key, trailer: [name, value], signed }), key).toMatchObject({ status: 200 });
        expect((await stored(key)).equals(content), key).toBe(true);
        const wrong = await upload({ key: `${key}-wrong`, trailer: [name, flipText(value)], signed });
        expect(wrong, key).toMatchObject({ status: 400 });
        await expectAbsent(`${key}-wrong`);
      }
    });

    test('CRC-32C of RFC 3720 is known', async () => {
      // 32 bytes of zeroes: aa 36 91 8a, appendix B.4 gives them with the least byte first.
      const trailer: [string, string] = ['x-amz-checksum-crc32c', Buffer.from('8a9136aa', 'hex').toString('base64')];
      expect(await upload({ key: 'crc32c', chunks: [Buffer.alloc(32)], trailer })).toMatchObject({ status: 200 });
      expect(await upload({ key: 'crc32c-wrong', chunks: [Buffer.alloc(33)], trailer })).toMatchObject({ status: 400 });
    });

    test('a trailer that was changed after it was signed is refused', async () => {
      const [name, value] = ['x-amz-checksum-crc32', crc32Text(content)];
      const answer = await upload({
        key: 'trailer',
        trailer: [name, value],
        forge: (body) => Buffer.from(body.toString('latin1').replace(value, flipText(value)), 'latin1'),
      });
      expect([400, 403]).toContain(answer.status);
      await expectAbsent('trailer');
    });
  });
};

function crc32Text(bytes: Buffer): string {
  const value = Buffer.alloc(4);
  value.writeUInt32BE(crc32(bytes));
  return value.toString('base64');
}

function flip(bytes: Buffer, at: number): Buffer {
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return bytes;
}

function flipText(base64: string): string {
  return flip(Buffer.from(base64, 'base64'), 0).toString('base64');
}
