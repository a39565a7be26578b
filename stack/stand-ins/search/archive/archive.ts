import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, normalize, relative } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGunzip, createGzip } from 'node:zlib';
import { extract, pack, type Extract, type Pack } from 'tar-stream';

/** An archive that could not be read. The message has the form of a real server: what failed, then its causes. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';

  constructor(what: string, ...causes: string[]) {
    const shown = causes.length === 1 ? causes : causes.map((cause, index) => `${index}: ${cause}`);
    super(`${what}\n\nCaused by:\n${shown.map((cause) => `    ${cause}`).join('\n')}`);
  }
}

/**
 * Packs the content of a folder into a gzip-compressed tar file, as a stream. The file appears under its name only when it
 * is complete.
 */
export async function packFolder(folder: string, file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const partial = `${file}.partial`;
  const tar = pack();
  try {
    const written = pipeline(tar, createGzip(), createWriteStream(partial));
    await Promise.all([written, addEntries(tar, folder)]);
    await rename(partial, file);
  } catch (error) {
    tar.destroy();
    await rm(partial, { force: true });
    throw error;
  }
}

/**
 * Unpacks such a file into a folder, as a stream. A file that is cut off, even in its last bytes, or is none at all is an
 * `ArchiveError`.
 */
export async function unpackArchive(file: string, folder: string): Promise<void> {
  await requireGzip(file);
  // Tolerant here, so that the entry in which the file ends can be named; the strict reading follows.
  const tar = extract();
  const feeding = pipeline(createReadStream(file), createGunzip({ finishFlush: constants.Z_SYNC_FLUSH }), tar);
  // An entry in which the file ends would wait for the rest for ever: its writing is raced against the end of the reading.
  const cutOff = new Promise<never>((_, reject) => void feeding.catch(reject));
  cutOff.catch(() => undefined);
  let current: string | undefined;
  try {
    for await (const entry of tar) {
      current = normalize(entry.header.name);
      await Promise.race([writeEntry(entry, folder), cutOff]);
      current = undefined;
    }
    await feeding;
    await requireComplete(file);
  } catch (error) {
    if (error instanceof ArchiveError) throw error;
    const cause = wordsOf(error);
    if (current === undefined) throw new ArchiveError('failed to iterate over archive', cause);
    const what = `failed to unpack \`${join(folder, current)}\``;
    throw new ArchiveError(what, `failed to unpack \`${current}\` into \`${join(folder, current)}\``, cause);
  }
}

/** An entry of an archive while it is read. */
type Source = Extract extends AsyncIterable<infer Entry> ? Entry : never;

async function addEntries(tar: Pack, folder: string): Promise<void> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = found.map((entry) => ({ path: join(entry.parentPath, entry.name), folder: entry.isDirectory() }));
  for (const entry of paths.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    const name = relative(folder, entry.path);
    const { size, mtime } = await stat(entry.path);
    if (entry.folder) tar.entry({ name, type: 'directory', mode: 0o755, mtime }, '');
    else await pipeline(createReadStream(entry.path), tar.entry({ name, size, mode: 0o644, mtime }));
  }
  tar.finalize();
}

async function writeEntry(entry: Source, folder: string): Promise<void> {
  const target = join(folder, normalize(entry.header.name));
  if (relative(folder, target).startsWith('..')) throw new Error('the path of an entry leads out of the archive');
  if (entry.header.type === 'directory') {
    await mkdir(target, { recursive: true });
    entry.resume();
    return;
  }
  if (entry.header.type !== 'file') throw new Error(`an entry of the type ${entry.header.type} is not expected`);
  await mkdir(dirname(target), { recursive: true });
  await pipeline(entry, createWriteStream(target));
}

async function requireGzip(file: string): Promise<void> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(10), 0, 10, 0);
    if (bytesRead < 10) throw new ArchiveError('failed to iterate over archive', 'unexpected end of file');
    if (buffer.readUInt16BE(0) !== 0x1f_8b)
      throw new ArchiveError('failed to iterate over archive', 'invalid gzip header');
  } finally {
    await handle.close();
  }
}

/** Reads to the end with the check of length and checksum that stands there. */
async function requireComplete(file: string): Promise<void> {
  await pipeline(createReadStream(file), createGunzip(), new Writable({ write: (_chunk, _encoding, done) => done() }));
}

function wordsOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return /unexpected end of (file|data)/i.test(message) ? 'unexpected end of file' : message;
}
