import { randomBytes } from 'node:crypto';
import type { ObjectStore, ObjectStoreAccess } from '../../domain/service.ts';
import { objectClient } from '../clients.ts';
import { implementationOf } from './implementation.ts';
import type { ImageChoice } from './images.ts';
import { LoopbackContainer } from './loopback-container.ts';
import { startServiceContainer, type ContainerOptions } from './service-container.ts';

export interface ContainerObjectsOptions extends ContainerOptions {
  service: 'objects' | 'backups';
  choice: ImageChoice;
}

const portInside = 9000;
const region = 'us-east-1';

/** A new object store in a container. It has listed its buckets for its own credentials before this returns. */
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
  const container = new LoopbackContainer(image.reference)
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
    container,
    port,
    dataFolder: '/data',
    secrets: [secretKey],
    ready: {
      whatFor: `its list of buckets on 127.0.0.1:${port.host}`,
      // Health alone does not say that the credentials are the ones of this run.
      probe: async () => Array.isArray(await objectClient(access).listBuckets()),
    },
  });
  const { stdout } = await engine.client.container.exec(service.container, ['minio', '--version']);
  return {
    ...service,
    access,
    info: {
      service: name,
      role: options.role,
      implementation: implementationOf('MinIO', choice),
      // `minio version RELEASE.2025-09-07T16-13-09Z (commit-id=…)`
      version: /version (\S+)/.exec(stdout)?.[1] ?? 'unknown',
      image: image.reference,
      imageId: image.id,
    },
  };
}
