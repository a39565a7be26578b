import { dirname, posix } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type Dockerode from 'dockerode';
import { extract, pack, type Header } from 'tar-stream';
import { DrillError, messageOf } from '../../domain/drill-error.ts';
import type { SearchFile, ServiceName } from '../../domain/service.ts';
import { isRunning } from './controls.ts';
import { isMissing } from './is-missing.ts';
import { streamingExec } from './streaming-exec.ts';

/**
 * All files below a folder of a container, whether it runs or not: the engine packs them, and their heads are read.
 * Empty when there is no such folder.
 */
export async function listContainerFiles(
  container: Dockerode.Container,
  dataFolder: string,
  folder: string,
): Promise<SearchFile[]> {
  let archive: NodeJS.ReadableStream;
  try {
    archive = await container.getArchive({ path: posix.join(dataFolder, folder) });
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
  const files: SearchFile[] = [];
  // The names in the archive begin with the folder's own.
  const parent = posix.dirname(posix.normalize(folder));
  const tar = extract();
  const feeding = pipeline(archive, tar);
  feeding.catch(() => undefined);
  for await (const entry of tar) {
    const { name, type, size } = entry.header;
    if (type === 'file') files.push({ path: posix.join(parent, name), sizeBytes: size });
    entry.resume();
  }
  await feeding;
  return files.sort((a, b) => a.path.localeCompare(b.path, 'en'));
}

/** Streams a file of a container, whether it runs or not. Throws `tool-failed` when there is none. */
export async function readContainerFile(container: Dockerode.Container, path: string): Promise<Readable> {
  const archive = await container.getArchive({ path }).catch((cause: unknown) => {
    throw fileError('search', 'a file of the search server cannot be read', path, messageOf(cause), cause);
  });
  return Readable.from(contentOf(archive), { objectMode: false });
}

/**
 * Writes over the beginning of a file of a container of that service. In one that runs it is done in place, so that the file stays the
 * one that is open; the engine's own way replaces it, which is the same to a server that does not run.
 */
export async function overwriteContainerFile(
  container: Dockerode.Container,
  service: ServiceName,
  path: string,
  content: Buffer,
): Promise<void> {
  if (!(await isRunning(container))) {
    const { header, old } = await wholeFile(container, service, path);
    const tar = pack();
    // Of the same owner and mode as before: a server that is not root could not open it otherwise.
    const damaged = Buffer.concat([content, old.subarray(content.length)]);
    tar.entry({ ...header, size: damaged.length }, damaged);
    tar.finalize();
    await container.putArchive(Readable.from(tar, { objectMode: false }), { path: dirname(path) });
    return;
  }
  const { stdout, ended } = streamingExec(container, {
    command: ['dd', `of=${path}`, 'conv=notrunc', 'bs=64k'],
    environment: {},
    input: Readable.from([content], { objectMode: false }),
  });
  stdout.resume();
  const { exitCode, stderr } = await ended;
  if (exitCode !== 0) throw fileError(service, overwritten, path, stderr.trim());
}

/** A file with its owner and mode; it is held in memory. */
async function wholeFile(
  container: Dockerode.Container,
  service: ServiceName,
  path: string,
): Promise<{ header: Header; old: Buffer }> {
  const tar = extract();
  const feeding = pipeline(await container.getArchive({ path }), tar);
  feeding.catch(() => undefined);
  for await (const entry of tar) return { header: entry.header, old: await buffer(entry) };
  throw fileError(service, overwritten, path, 'none');
}

const overwritten = 'a file of a service cannot be overwritten';

async function* contentOf(archive: NodeJS.ReadableStream): AsyncGenerator<Buffer> {
  const tar = extract();
  const feeding = pipeline(archive, tar);
  feeding.catch(() => undefined);
  for await (const entry of tar) {
    if (entry.header.type === 'file') yield* entry as AsyncIterable<Buffer>;
    else entry.resume();
  }
  await feeding;
}

function fileError(service: ServiceName, what: string, where: string, actual: string, cause?: unknown): DrillError {
  return new DrillError({
    code: 'tool-failed',
    service,
    what,
    expected: 'a file that it wrote',
    actual,
    where,
    ...(cause !== undefined && { cause }),
  });
}
