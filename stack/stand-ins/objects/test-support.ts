import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { makeBucket, setVersioning, type Versioning } from './buckets.ts';
import { keepBytes } from './object-operations.ts';
import { byteSource } from './request-body.ts';
import { openStore, type Store } from './store.ts';
import { putVersion, type Version } from './versions.ts';

/** A store in a folder of its own, for one test. */
export async function testStore(versioning: Versioning = ''): Promise<{ store: Store; folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'objects-stand-in-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const store = await openStore(folder);
  onTestFinished(() => store.database.close());
  makeBucket(store, 'bucket');
  if (versioning !== '') setVersioning(store, 'bucket', versioning);
  return { store, folder };
}

/** Puts an object as an upload does. */
export async function put(store: Store, key: string, content: string | Buffer = key): Promise<Version> {
  const source = byteSource(piecesOf(content));
  return keepBytes(store, source.chunks, (file) =>
    putVersion(store, { bucket: 'bucket', key, headers: {}, tags: {}, files: [file], etag: source.md5() }),
  );
}

export async function* piecesOf(content: string | Buffer, pieceBytes = 1000): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(content);
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}
