import { randomBytes } from 'node:crypto';
import { request } from 'undici';
import type { ObjectStore, ObjectStoreAccess, ServiceInfo } from '../../domain/service.ts';
import { objectClient } from '../clients.ts';
import { firedrillVersion } from '../native/firedrill-version.ts';
import type { Engine } from './engine.ts';
import { implementationOf, standInOf } from './implementation.ts';
import type { ImageChoice } from './images.ts';
import { LoopbackContainer } from './loopback-container.ts';
import type { ContainerOptions } from './launch-container.ts';
import { startServiceContainer, type ServiceContainer } from './service-container.ts';

export interface ContainerObjectsOptions extends ContainerOptions {
  service: 'objects' | 'backups';
  choice: ImageChoice;
}

const portInside = 9000;
const region = 'us-east-1';
/** What the project's own stand-in calls itself, so that it is never taken for the real server. */
const standInServer = 'firedrill-objects-stand-in';

/** A new object store in a container. It has answered a signed request when this returns. */
export async function startContainerObjects(options: ContainerObjectsOptions): Promise<ObjectStore> {
  const { run, engine, service: name, image, choice } = options;
  const port = { container: portInside, host: await run.freePort() };
  const secretKey = randomBytes(18).toString('base64url');
  const access: ObjectStoreAccess = {
    endpoint: '127.0.0.1',
    port: port.host,
    useSSL: false,
    region,
    accessKey: `firedrill-${randomBytes(4).toString('hex')}`,
    secretKey,
  };
  const otherSecretKey = randomBytes(18).toString('base64url');
  const health = `http://127.0.0.1:${port.host}/minio/health/live`;
  let server = '';
  const alive = async (signal: AbortSignal): Promise<boolean> => {
    const response = await request(health, { signal, reset: true, headersTimeout: 2_000 });
    await response.body.dump();
    server = String(response.headers['server'] ?? '');
    if (response.statusCode !== 200) throw new Error(`status ${response.statusCode}`);
    return true;
  };
  const make = (): LoopbackContainer =>
    new LoopbackContainer(image.reference)
      .withEnvironment({
        MINIO_ROOT_USER: access.accessKey,
        MINIO_ROOT_PASSWORD: secretKey,
        MINIO_REGION: region,
        // Nothing is asked of the outside world.
        MINIO_UPDATE: 'off',
        MINIO_CALLHOME_ENABLE: 'off',
      })
      .withCommand(['server', '--console-address', ':9001', '/data']);
  const service = await startServiceContainer(options, {
    service: name,
    make,
    port,
    dataFolder: '/data',
    startsEmpty: true,
    secrets: [secretKey, otherSecretKey],
    otherCredentials: { MINIO_ROOT_PASSWORD: otherSecretKey },
    ready: {
      whatFor: `an answer 200 to GET ${health}, and to a signed request`,
      alive,
      // Health alone does not say that the credentials are the ones of this run.
      probe: async (signal) => (await alive(signal)) && Array.isArray(await objectClient(access).listBuckets()),
    },
  });
  return {
    ...service,
    access,
    info: {
      service: name,
      role: options.role,
      ...(await identify(engine, service, server, choice)),
      image: image.reference,
      imageId: image.id,
    },
  };
}

/** What really answers, by its own word: the header `Server`. */
async function identify(
  engine: Engine,
  service: ServiceContainer,
  server: string,
  choice: ImageChoice,
): Promise<Pick<ServiceInfo, 'implementation' | 'version'>> {
  if (server === standInServer)
    return { implementation: standInOf('MinIO', choice), version: await firedrillVersion() };
  // `minio version RELEASE.2025-09-07T16-13-09Z (commit-id=…)`
  const { stdout } = await engine.client.container.exec(service.container(), ['minio', '--version']);
  const name = server === 'MinIO' ? 'MinIO' : `object store that calls itself "${server}"`;
  return { implementation: implementationOf(name, choice), version: /version (\S+)/.exec(stdout)?.[1] ?? 'unknown' };
}
