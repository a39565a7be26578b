import { beforeAll, describe, expect, test } from 'vitest';
import { objectClient } from '../../../stack/clients.ts';
import { send, signedRequest, signHeaders, type RawRequest } from './signed-request.ts';
import { bucketOf, readText, type ContractPart } from './support.ts';

const minuteMs = 60_000;

/** Who may do what: every request carries a signature over exactly what it asks for. */
export const signatureContract: ContractPart = (store) => {
  describe('signatures', () => {
    let bucket = '';
    const ask = (raw: Partial<RawRequest>) => signedRequest(store().access, { method: 'GET', bucket, ...raw });

    beforeAll(async () => {
      const made = await bucketOf(store());
      bucket = made.bucket;
      await made.client.putObject(bucket, 'object', 'content');
    });

    test('a right signature opens', async () => {
      const answer = await ask({ key: 'object' });
      expect(answer).toMatchObject({ status: 200, text: 'content' });
    });

    test('the client is told of a wrong secret and of a wrong access key', async () => {
      const { access } = store();
      const wrongSecret = objectClient({ ...access, secretKey: `${access.secretKey}x` });
      await expect(wrongSecret.listBuckets()).rejects.toMatchObject({ code: 'SignatureDoesNotMatch' });
      const wrongKey = objectClient({ ...access, accessKey: 'somebody-else' });
      await expect(wrongKey.listBuckets()).rejects.toMatchObject({ code: 'InvalidAccessKeyId' });
    });

    test('without a signature nothing is answered', async () => {
      for (const target of ['/', `/${bucket}`, `/${bucket}/object`]) {
        expect(await send(store().access, 'GET', target)).toMatchObject({ status: 403, code: 'AccessDenied' });
      }
      expect(await send(store().access, 'PUT', `/${bucket}/intruder`, {}, 'x')).toMatchObject({ status: 403 });
      expect(await ask({ key: 'intruder' })).toMatchObject({ status: 404, code: 'NoSuchKey' });
    });

    test('a signature changed in one digit is refused', async () => {
      const answer = await ask({
        key: 'object',
        forge: (right) => right.replace(/^./, (c) => (c === '0' ? '1' : '0')),
      });
      expect(answer).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' });
    });

    test('a signature holds for its path, query, method and headers alone', async () => {
      const { access } = store();
      const path = `/${bucket}/object`;
      const signed = signHeaders(access, path, { method: 'GET', headers: { 'x-amz-meta-a': '1' } }).headers;
      const refused = { status: 403, code: 'SignatureDoesNotMatch' };
      expect(await send(access, 'GET', path, signed)).toMatchObject({ status: 200 });
      expect(await send(access, 'GET', `/${bucket}/other`, signed)).toMatchObject(refused);
      expect(await send(access, 'GET', `${path}?versionId=null`, signed)).toMatchObject(refused);
      expect(await send(access, 'GET', path, { ...signed, 'x-amz-meta-a': '2' })).toMatchObject(refused);
      expect(await send(access, 'DELETE', path, signed)).toMatchObject(refused);
      expect(await ask({ key: 'object' })).toMatchObject({ status: 200 });
    });

    test('a clock that is more than 15 minutes off is refused, both ways', async () => {
      for (const skewMs of [-20 * minuteMs, 20 * minuteMs]) {
        expect(await ask({ skewMs })).toMatchObject({ status: 403, code: 'RequestTimeTooSkewed' });
      }
      for (const skewMs of [-10 * minuteMs, 10 * minuteMs])
        expect(await ask({ skewMs })).toMatchObject({ status: 200 });
    });

    test('a body other than the signed one is refused, and nothing of it is kept', async () => {
      const answer = await ask({ method: 'PUT', key: 'changed', body: 'evil', payloadHash: '0'.repeat(64) });
      expect(answer).toMatchObject({ status: 400, code: 'XAmzContentSHA256Mismatch' });
      expect(await ask({ key: 'changed' })).toMatchObject({ status: 404, code: 'NoSuchKey' });
    });

    test('a body may be left out of the signature', async () => {
      const answer = await ask({ method: 'PUT', key: 'unsigned', body: 'as it came', payloadHash: 'UNSIGNED-PAYLOAD' });
      expect(answer).toMatchObject({ status: 200 });
      expect(await readText(objectClient(store().access), bucket, 'unsigned')).toBe('as it came');
    });

    test('an unfinished or unknown form of authorisation is refused', async () => {
      const { access } = store();
      const { headers } = signHeaders(access, `/${bucket}`, { method: 'GET' });
      for (const authorization of ['AWS4-HMAC-SHA256 Credential=x', 'Bearer token', 'AWS4-HMAC-SHA256']) {
        const answer = await send(access, 'GET', `/${bucket}`, { ...headers, authorization });
        expect(answer.status, authorization).toBeGreaterThanOrEqual(400);
        expect(answer.status, authorization).toBeLessThan(500);
        expect(answer.code, authorization).not.toBe('');
      }
    });
  });
};
