import { randomBytes } from 'node:crypto';
import { request } from 'undici';
import type { SearchAccess, SearchServer } from '../../domain/service.ts';
import { searchClient } from '../clients.ts';
import { firedrillVersion } from '../native/firedrill-version.ts';
import { implementationOf, standInOf } from './implementation.ts';
import type { ImageChoice } from './images.ts';
import { LoopbackContainer } from './loopback-container.ts';
import type { ContainerOptions } from './launch-container.ts';
import { startServiceContainer } from './service-container.ts';

export interface ContainerSearchOptions extends ContainerOptions {
  choice: ImageChoice;
}

const portInside = 7700;
/** What the project's own stand-in says as its commit, so that it is never taken for the real server. */
const standInCommit = 'firedrill-search-stand-in';

/** A new search server in a container. It has answered with its key when this returns. */
export async function startContainerSearch(options: ContainerSearchOptions): Promise<SearchServer> {
  const { run, image, choice } = options;
  const port = { container: portInside, host: await run.freePort() };
  const access: SearchAccess = {
    host: `http://127.0.0.1:${port.host}`,
    masterKey: randomBytes(24).toString('base64url'),
  };
  const make = (): LoopbackContainer =>
    new LoopbackContainer(image.reference).withEnvironment({
      MEILI_ENV: 'production',
      MEILI_MASTER_KEY: access.masterKey,
      MEILI_NO_ANALYTICS: 'true',
    });
  const service = await startServiceContainer(options, {
    service: 'search',
    make,
    port,
    dataFolder: '/meili_data',
    startsEmpty: true,
    secrets: [access.masterKey],
    ready: {
      whatFor: `an answer 200 to GET ${access.host}/health, and to a request with its key`,
      probe: async (signal) => {
        const response = await request(`${access.host}/health`, { signal, reset: true, headersTimeout: 2_000 });
        await response.body.dump();
        if (response.statusCode !== 200) throw new Error(`status ${response.statusCode}`);
        // Health alone does not say that the key is the one of this run.
        return (await searchClient(access).getVersion()).pkgVersion !== '';
      },
    },
  });
  const { commitSha, pkgVersion } = await searchClient(access).getVersion();
  const isStandIn = commitSha === standInCommit;
  return {
    ...service,
    access,
    info: {
      service: 'search',
      role: options.role,
      implementation: isStandIn ? standInOf('Meilisearch', choice) : implementationOf('Meilisearch', choice),
      version: isStandIn ? await firedrillVersion() : pkgVersion,
      image: image.reference,
      imageId: image.id,
    },
  };
}
