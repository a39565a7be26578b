import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ObjectStore } from '../../domain/service.ts';
import type { Implementation } from '../../stack/implementations.ts';
import { describeImplementations } from './implementations-support.ts';
import { bucketContract } from './objects/buckets.ts';
import { copyContract } from './objects/copies.ts';
import { durabilityContract } from './objects/durability.ts';
import { keyContract } from './objects/keys.ts';
import { listingContract } from './objects/listings.ts';
import { multipartContract } from './objects/multipart.ts';
import { objectContract } from './objects/objects.ts';
import { presignedContract } from './objects/presigned.ts';
import { signatureContract } from './objects/signatures.ts';
import { streamedSignatureContract } from './objects/streamed-signatures.ts';
import { versionContract } from './objects/versions.ts';

await describeImplementations('objects', contract);

function contract(implementation: Implementation<ObjectStore>): void {
  describe('a store that runs', () => {
    let store: ObjectStore;
    beforeAll(async () => {
      store = await implementation.start();
    });
    afterAll(async () => store[Symbol.asyncDispose]());

    it('says what it is', async ({ annotate }) => {
      expect(store.info).toMatchObject({ service: 'objects', role: 'contract' });
      expect(store.info.implementation).toContain(implementation.name.includes('stand-in') ? 'stand-in' : 'MinIO');
      await annotate(`ran against ${store.info.implementation}, version ${store.info.version}`);
    });

    for (const part of [
      signatureContract,
      streamedSignatureContract,
      presignedContract,
      bucketContract,
      objectContract,
      keyContract,
      listingContract,
      versionContract,
      copyContract,
      multipartContract,
    ]) {
      part(() => store);
    }
  });

  durabilityContract(implementation);
}
