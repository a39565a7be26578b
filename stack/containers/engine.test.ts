import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { containerEngine, requireEngine } from './engine.ts';

/** An engine that answers `GET /info` and nothing else. */
describe('containerEngine', () => {
  let info: Record<string, unknown>;
  const engine = createServer((_, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(info));
  });

  beforeAll(async () => {
    engine.listen(0, '127.0.0.1');
    await once(engine, 'listening');
    process.env['DOCKER_HOST'] = `tcp://127.0.0.1:${(engine.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    engine.closeAllConnections();
    engine.close();
  });

  it('tells the version of the engine that answers', async () => {
    info = { ServerVersion: '99.1', OSType: 'linux', Name: 'elsewhere' };
    expect(await containerEngine()).toEqual({ version: '99.1' });
    expect((await requireEngine()).version).toBe('99.1');
  });

  it('does not take an engine for containers of another system', async () => {
    info = { ServerVersion: '99.1', OSType: 'windows' };
    expect(await containerEngine()).toEqual({
      missing: 'the container engine runs windows containers, and the images are for Linux',
    });
  });

  it('notices an engine that has gone, and says what can be done', async () => {
    engine.closeAllConnections();
    engine.close();
    await once(engine, 'close');
    expect(await containerEngine()).toMatchObject({
      missing: expect.stringContaining('does not answer any more') as string,
    });
    await expect(requireEngine()).rejects.toMatchObject({ code: 'engine-missing' });
    await expect(requireEngine()).rejects.toThrow('use --engine native');
  });
});
