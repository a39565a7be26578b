import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { execa } from '../../programs/execa.ts';
import { request } from 'undici';
import type { ObjectStore, ObjectStoreAccess, ServiceInfo } from '../../domain/service.ts';
import { objectClient } from '../clients.ts';
import { childEnvironment } from '../marks/spawn.ts';
import type { RunContext } from '../run-context.ts';
import { firedrillVersion } from './firedrill-version.ts';
import { programService } from './program-service.ts';
import { chooseStoreProgram, type StoreProgram, type StoreProgramPlaces } from './store-program.ts';

export const objectsPlaces: StoreProgramPlaces = {
  service: 'objects',
  program: 'minio',
  variable: 'FIREDRILL_MINIO_BIN',
  choice: 'FIREDRILL_OBJECTS',
  standIn: new URL('../stand-ins/objects/main.ts', import.meta.url),
};

export interface NativeObjectsOptions {
  /** `backups` for the separate store; default `objects`. */
  service?: 'objects' | 'backups';
  /** Default: the configured program, the one on PATH, or the stand-in. */
  program?: StoreProgram;
  signal?: AbortSignal;
  startTimeoutMs?: number;
}

/**
 * A new object store with random keys: MinIO where the machine has it, else the built-in stand-in; both are given the
 * same arguments. It has answered a signed request when this returns. Throws a `DrillError` (`service-start`).
 */
export async function startNativeObjects(
  run: RunContext,
  role: string,
  options: NativeObjectsOptions = {},
): Promise<ObjectStore> {
  const { service = 'objects', startTimeoutMs = 60_000 } = options;
  const program = options.program ?? (await chooseStoreProgram(objectsPlaces));
  const folder = await run.makeFolder(`objects-${role}`);
  const [port, consolePort] = [await run.freePort(), await run.freePort()];
  const access: ObjectStoreAccess = {
    endpoint: '127.0.0.1',
    port,
    useSSL: false,
    region: 'us-east-1',
    accessKey: randomBytes(10).toString('hex'),
    secretKey: randomBytes(20).toString('hex'),
  };
  const otherSecretKey = randomBytes(20).toString('hex');
  const dataFolder = join(folder, 'data');
  const health = `http://127.0.0.1:${port}/minio/health/live`;
  let server = '';
  const alive = async (signal: AbortSignal): Promise<boolean> => {
    const response = await request(health, { signal, reset: true, headersTimeout: 2_000 });
    await response.body.dump();
    server = String(response.headers['server'] ?? '');
    if (response.statusCode !== 200) throw new Error(`status ${response.statusCode}`);
    return true;
  };

  const life = programService(run, {
    service,
    role,
    port,
    dataFolder,
    secrets: [access.accessKey, access.secretKey, otherSecretKey],
    otherCredentials: { MINIO_ROOT_PASSWORD: otherSecretKey },
    command: {
      file: program.file,
      args: [
        ...(program.kind === 'stand-in' ? [program.entry] : []),
        'server',
        '--address',
        `127.0.0.1:${port}`,
        '--console-address',
        `127.0.0.1:${consolePort}`,
        dataFolder,
      ],
      environment: {
        MINIO_ROOT_USER: access.accessKey,
        MINIO_ROOT_PASSWORD: access.secretKey,
        // No page for people, no question for newer versions, no certificates of the person who runs this.
        MINIO_BROWSER: 'off',
        MINIO_UPDATE: 'off',
        HOME: folder,
      },
      cwd: folder,
      logFile: join(run.folder, `objects-${role}-${port}.log`),
    },
    ready: {
      what: `an answer 200 to GET ${health}, and to a signed request`,
      timeoutMs: startTimeoutMs,
      alive,
      probe: async (signal) => (await alive(signal)) && Array.isArray(await objectClient(access).listBuckets()),
    },
    signal: options.signal ? AbortSignal.any([run.signal, options.signal]) : run.signal,
  });
  await life.start();
  const info: ServiceInfo = { service, role, ...(await identifyStore(run, program, server)) };
  return { ...life, info, access };
}

/** What really answers, by its own word: the header `Server`. */
async function identifyStore(
  run: RunContext,
  program: StoreProgram,
  server: string,
): Promise<Pick<ServiceInfo, 'implementation' | 'version'>> {
  if (server === 'firedrill-objects-stand-in') {
    return { implementation: 'built-in stand-in for MinIO', version: await firedrillVersion() };
  }
  const name = server === 'MinIO' ? 'MinIO' : `object store that calls itself "${server}"`;
  return { implementation: `${name} (local binary)`, version: await versionOf(run, program.file) };
}

/** By program: MinIO takes as long to tell its version as to start, and a run starts three. */
const versions = new Map<string, Promise<string>>();

async function versionOf(run: RunContext, file: string): Promise<string> {
  const version = versions.get(file) ?? askVersion(run, file);
  versions.set(file, version);
  return version;
}

async function askVersion(run: RunContext, file: string): Promise<string> {
  const { stdout } = await execa(file, ['--version'], { env: childEnvironment(run), extendEnv: false, reject: false });
  return /version (\S+)/.exec(stdout)?.[1] ?? 'unknown';
}
