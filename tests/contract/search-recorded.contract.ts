import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSearch, temporaryFolder, type SearchProcess } from './search/process.ts';
import {
  normalized,
  readExchanges,
  recordedMasterKey,
  recordingFolder,
  secretOf,
  withoutRecording,
  type Exchange,
} from './search/recording.ts';
import { replayOn, type Replay } from './search/replay.ts';

/**
 * Where the stand-in answers otherwise on purpose: the exchange, what of its body is different, and why. Everything else of
 * these exchanges must match.
 */
const differences: Record<string, { reason: string; body: Record<string, unknown> }> = {
  'health-version-auth: version': {
    reason: 'it says who answers, so that a report can name the stand-in',
    body: { commitSha: 'firedrill-search-stand-in' },
  },
};

if (recordingFolder === undefined) {
  it.skip(`the recorded exchanges of a real server (${withoutRecording})`, () => {});
} else {
  const exchanges = readExchanges(recordingFolder);
  describe('built-in stand-in for Meilisearch, held against the recorded exchanges of a real server', () => {
    let folder: Awaited<ReturnType<typeof temporaryFolder>>;
    let server: SearchProcess;
    let replay: Replay;
    beforeAll(async () => {
      folder = await temporaryFolder();
      server = await startSearch({ folder: folder.path, masterKey: recordedMasterKey });
      replay = replayOn(server.url);
    });
    afterAll(async () => {
      await server?.[Symbol.asyncDispose]();
      await folder?.[Symbol.asyncDispose]();
    });

    it('are 116', () => expect(exchanges).toHaveLength(116));

    for (const exchange of exchanges) {
      const difference = differences[exchange.name];
      it(`${exchange.name}${difference ? ` (differs on purpose: ${difference.reason})` : ''}`, async () => {
        const { status, contentType, body } = await replay.send(exchange);
        expect({ status, contentType, body: normalized(body) }).toEqual(expectedOf(exchange));
      });
    }

    it('keys have the secrets that follow from the master key', async () => {
      const answer = await fetch(`${server.url}/keys`, { headers: { authorization: `Bearer ${recordedMasterKey}` } });
      const { results } = (await answer.json()) as { results: { uid: string; key: string }[] };
      expect(results.length).toBeGreaterThan(3);
      for (const { uid, key } of results) expect(key).toBe(secretOf(recordedMasterKey, uid));
    });
  });
}

function expectedOf({ name, response }: Exchange): unknown {
  const body = normalized(response.body);
  const difference = differences[name];
  return { ...response, body: difference ? { ...(body as object), ...difference.body } : body };
}
