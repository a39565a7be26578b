import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SearchServer } from '../../domain/service.ts';
import type { Implementation } from '../../stack/implementations.ts';
import { searchPlaces } from '../../stack/native/search.ts';
import { findStoreBinary } from '../../stack/native/store-program.ts';
import { describeImplementations } from './implementations-support.ts';
import { accessContract } from './search/access.ts';
import { documentContract } from './search/documents.ts';
import { dumpContract } from './search/dumps.ts';
import { durabilityContract } from './search/durability.ts';
import { standInProgram } from './search/process.ts';
import { queryContract } from './search/queries.ts';
import { taskContract } from './search/tasks.ts';

await describeImplementations('search', contract);

function contract(implementation: Implementation<SearchServer>): void {
  describe('a server that runs', () => {
    let server: SearchServer;
    beforeAll(async () => {
      server = await implementation.start();
    });
    afterAll(async () => server?.[Symbol.asyncDispose]());

    it('says what it is', async ({ annotate }) => {
      expect(server.info).toMatchObject({ service: 'search', role: 'contract' });
      // A binary or an image may itself be the stand-in; then it must say so.
      expect(server.info.implementation).toMatch(/Meilisearch/);
      if (implementation.name.includes('stand-in')) expect(server.info.implementation).toContain('stand-in');
      await annotate(`ran against ${server.info.implementation}, version ${server.info.version}`);
    });

    for (const part of [accessContract, documentContract, queryContract, taskContract]) part(() => server);
  });

  durabilityContract(implementation);
}

describe('built-in stand-in for Meilisearch, started by hand', () => dumpContract(standInProgram));

const binary = await findStoreBinary(searchPlaces);
if (binary === undefined) {
  const reason = `${searchPlaces.program} is not on PATH, and ${searchPlaces.variable} is not set`;
  it.skip(`dumps and snapshots of a Meilisearch binary (skipped: ${reason})`, () => {});
} else {
  describe(`Meilisearch (${binary}), started by hand`, () => dumpContract({ file: binary, args: [] }));
}
