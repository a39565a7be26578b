import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ObjectStore } from '../../domain/service.ts';
import { implementationsOf, type Implementation } from '../../stack/implementations.ts';
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

const containersRequired = process.env['FIREDRILL_REQUIRE_CONTAINERS'] === '1';

for (const implementation of await implementationsOf('objects')) {
  const { name, missing } = implementation;
  if (missing === undefined) {
    describe(name, () => contract(implementation));
  } else if (containersRequired && name.includes('container')) {
    it(`${name} runs here`, () => expect.fail(`FIREDRILL_REQUIRE_CONTAINERS=1, but ${missing}`));
  } else {
    // The reporter does not show the names of skipped suites, so the reason is printed as well.
    process.stdout.write(`objects contract: ${name} does not run here: ${missing}\n`);
    describe.skip(`${name} (skipped: ${missing})`, () => contract(implementation));
  }
}

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
