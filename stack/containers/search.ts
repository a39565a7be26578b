import { randomBytes } from 'node:crypto';
import { request } from 'undici';
import type { SearchAccess, SearchServer, SearchStart } from '../../domain/service.ts';
import { searchClient } from '../clients.ts';
import { firedrillVersion } from '../native/firedrill-version.ts';
import { listContainerFiles, overwriteContainerFile, readContainerFile } from './container-files.ts';
import { implementationOf, standInOf } from './implementation.ts';
import type { ImageChoice } from './images.ts';
import { LoopbackContainer } from './loopback-container.ts';
import type { ContainerOptions } from './launch-container.ts';
import { startServiceContainer } from './service-container.ts';

export interface ContainerSearchOptions extends ContainerOptions {
  choice: ImageChoice;
  start?: SearchStart;
}

const portInside = 7700;
/** What the project's own stand-in says as its commit, so that it is never taken for the real server. */
const standInCommit = 'firedrill-search-stand-in';

const dataFolder = '/meili_data';
/** Where the dump or snapshot of the first start lies in the container: not in the volume of its data. */
const importFile = '/firedrill-import';
/** With an import the server answers only after it. */
const importTimeoutMs = 1_800_000;

/** A new search server in a container, empty or from a dump or snapshot. It has answered with its key when this returns. */
export async function startContainerSearch(options: ContainerSearchOptions): Promise<SearchServer> {
  const { run, image, choice, start } = options;
  const port = { container: portInside, host: await run.freePort() };
  const access: SearchAccess = {
    host: `http://127.0.0.1:${port.host}`,
    masterKey: start?.masterKey ?? randomBytes(24).toString('base64url'),
  };
  const otherMasterKey = randomBytes(24).toString('base64url');
  const alive = async (signal: AbortSignal): Promise<boolean> => {
    const response = await request(`${access.host}/health`, { signal, reset: true, headersTimeout: 2_000 });
    await response.body.dump();
    if (response.statusCode !== 200) throw new Error(`status ${response.statusCode}`);
    return true;
  };
  // A container that is made anew after its data were deleted starts empty.
  let toImport = start?.import;
  const make = (): LoopbackContainer => {
    const container = new LoopbackContainer(image.reference).withEnvironment({
      MEILI_ENV: 'production',
      MEILI_MASTER_KEY: access.masterKey,
      MEILI_NO_ANALYTICS: 'true',
    });
    if (toImport !== undefined) {
      const kind = toImport.kind.toUpperCase();
      container
        .withCopyFilesToContainer([{ source: toImport.file, target: importFile, mode: 0o644 }])
        // The container keeps its environment when it is started again, with a database then.
        .withEnvironment({ [`MEILI_IMPORT_${kind}`]: importFile, [`MEILI_IGNORE_${kind}_IF_DB_EXISTS`]: 'true' });
    }
    return container;
  };
  const signal = start?.signal ? AbortSignal.any([options.signal, start.signal]) : options.signal;
  const launch = { ...options, signal, ...(toImport && { startTimeoutMs: importTimeoutMs }) };
  const service = await startServiceContainer(launch, {
    service: 'search',
    make,
    port,
    dataFolder,
    startsEmpty: true,
    secrets: [access.masterKey, otherMasterKey],
    otherCredentials: { MEILI_MASTER_KEY: otherMasterKey },
    ready: {
      whatFor: `an answer 200 to GET ${access.host}/health, and to a request with its key`,
      alive,
      // Health alone does not say that the key is the one of this run.
      probe: async (signal) => (await alive(signal)) && (await searchClient(access).getVersion()).pkgVersion !== '',
    },
  });
  toImport = undefined;
  const { commitSha, pkgVersion } = await searchClient(access).getVersion();
  const isStandIn = commitSha === standInCommit;
  return {
    ...service,
    access,
    listFiles: (folder) => listContainerFiles(service.container(), dataFolder, folder),
    readFile: (path) => readContainerFile(service.container(), `${dataFolder}/${path}`),
    overwriteFile: (path, content) =>
      overwriteContainerFile(service.container(), 'search', `${dataFolder}/${path}`, content),
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
