import fastify from 'fastify';
import { expect, test } from 'vitest';
import { judgeScanned } from '../../checks/masking-scan.ts';
import { systemClock } from '../../domain/clock.ts';
import type { DrillContext } from '../context.ts';
import { scanIndexes } from './leaks.ts';

/** A search server that says how many documents it has, and a system that gives some of them. */
async function scanned(given: readonly string[], counted: number) {
  await using server = fastify({ forceCloseConnections: true });
  server.get('/stats', async () => ({ indexes: { works: { numberOfDocuments: counted } } }));
  const host = await server.listen({ host: '127.0.0.1', port: 0 });
  const system = {
    async *searchDocuments() {
      for (const line of given) yield { index: 'works', line };
    },
  } as unknown as DrillContext['system'];
  return await scanIndexes({ system }, { host, masterKey: 'master' }, { canaries: [], clock: systemClock });
}

const document = JSON.stringify({ id: 1, by: 'somebody@gallery-of-nowhere.org' });

test('every document of an index is scanned, and held against what the server itself counts', async () => {
  const { result, extents } = await scanned([document, document], 2);
  expect(result.leaks).toEqual([{ detector: 'email', place: 'index:works', count: 2 }]);
  expect(judgeScanned([{ name: 'copy', extents, read: result.read }])).toMatchObject({ verdict: 'pass' });
});

test('documents, or an index, that the system does not give are missed', async () => {
  for (const given of [[document], []]) {
    const { result, extents } = await scanned(given, 2);
    expect(judgeScanned([{ name: 'copy', extents, read: result.read }])).toMatchObject({ verdict: 'inconclusive' });
  }
});
