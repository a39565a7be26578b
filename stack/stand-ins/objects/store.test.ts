import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import type { Stretch } from './byte-files.ts';
import { getBucket, removeBucket } from './buckets.ts';
import { completeUpload, getUpload, listParts, putPart, startUpload } from './multipart.ts';
import { keepBytes } from './object-operations.ts';
import { openStore } from './store.ts';
import { piecesOf, put, testStore } from './test-support.ts';
import { deleteObject, deleteVersion, findLatest, findVersion, putVersion } from './versions.ts';

/** Files that hold bytes, wherever they are in the folder. */
async function byteFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile() && !entry.name.startsWith('metadata')).map(({ name }) => name);
}

describe('bytes on the disk', () => {
  test('no part of a key is part of a path', async () => {
    const { store, folder } = await testStore();
    for (const key of ['../../outside', '/etc/passwd', 'a/b', '\0', 'x'.repeat(1000)]) await put(store, key);
    const files = await byteFiles(folder);
    expect(files).toHaveLength(5);
    for (const file of files) expect(file).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('go with the version they belong to', async () => {
    const { store, folder } = await testStore();
    for (const content of ['one', 'two', 'three']) await put(store, 'k', content);
    expect(await byteFiles(folder)).toHaveLength(1);
    await deleteObject(store, 'bucket', 'k');
    expect(await byteFiles(folder)).toEqual([]);
  });

  test('an upload that breaks off leaves nothing', async () => {
    const { store, folder } = await testStore();
    async function* broken(): AsyncGenerator<Buffer> {
      yield Buffer.from('half');
      throw new Error('the line is dead');
    }
    await expect(store.files.write(broken())).rejects.toThrow('the line is dead');
    const refused = keepBytes(store, piecesOf('x'), () => Promise.reject(new Error('refused')));
    await expect(refused).rejects.toThrow('refused');
    expect(await byteFiles(folder)).toEqual([]);
  });

  test('what a crash left is cleared at the next start, and nothing else', async () => {
    const { store, folder } = await testStore();
    const kept = await put(store, 'kept', 'content');
    const upload = getUpload(
      store,
      'bucket',
      'p',
      startUpload(store, { bucket: 'bucket', key: 'p', headers: {}, tags: {} }),
    );
    await keepBytes(store, piecesOf('part'), (bytes) => putPart(store, upload, 1, bytes, 'ab'.repeat(16)));
    await writeFile(join(folder, 'incoming', 'half-an-upload'), 'x');
    await store.files.write(piecesOf('never made known'));
    expect(await byteFiles(folder)).toHaveLength(4);
    const again = await openStore(folder);
    expect(await byteFiles(folder)).toHaveLength(2);
    expect(await text(await again.files.read(findLatest(again, 'bucket', 'kept')?.files ?? [], 0, 6))).toBe('content');
    expect(kept.etag).toBe(findLatest(again, 'bucket', 'kept')?.etag);
    again.database.close();
  });

  test('a reader that has begun reads to the end, though the object is deleted', async () => {
    const { store, folder } = await testStore();
    const content = Buffer.alloc(3_000_000, 'x');
    const { files } = await put(store, 'k', content);
    const reading = await store.files.read(files, 0, content.length - 1);
    await deleteObject(store, 'bucket', 'k');
    expect(await byteFiles(folder)).toHaveLength(1);
    expect((await buffer(reading)).equals(content)).toBe(true);
    await expect.poll(() => byteFiles(folder)).toEqual([]);
  });

  test('a reader that goes away lets go', async () => {
    const { store, folder } = await testStore();
    const { files } = await put(store, 'k', Buffer.alloc(3_000_000));
    const reading = await store.files.read(files, 0, 2_999_999);
    await deleteObject(store, 'bucket', 'k');
    reading.destroy();
    await expect.poll(() => byteFiles(folder)).toEqual([]);
  });

  test('bytes that are missing are an error before an answer begins', async () => {
    const { store } = await testStore();
    const { files } = await put(store, 'k');
    await store.files.remove(files);
    await expect(store.files.read(files, 0, 0)).rejects.toMatchObject({ code: 'InternalError' });
  });

  test('a range runs over several files', async () => {
    const { store } = await testStore();
    const stretches: Stretch[] = [];
    for (const content of ['abc', 'de', '', 'fghi']) stretches.push(await store.files.write(piecesOf(content)));
    const part = async (first: number, last: number) => text(await store.files.read(stretches, first, last));
    expect(await part(0, 8)).toBe('abcdefghi');
    expect(await part(2, 5)).toBe('cdef');
    expect(await part(3, 4)).toBe('de');
    expect(await part(8, 8)).toBe('i');
  });
});

describe('versions', () => {
  test('of one key have one latest among them, whatever is deleted', async () => {
    const { store } = await testStore('Enabled');
    const [first, second, third] = [await put(store, 'k', '1'), await put(store, 'k', '2'), await put(store, 'k', '3')];
    await deleteVersion(store, 'bucket', 'k', second.versionId);
    expect(findLatest(store, 'bucket', 'k')?.versionId).toBe(third.versionId);
    await deleteVersion(store, 'bucket', 'k', third.versionId);
    expect(findLatest(store, 'bucket', 'k')?.versionId).toBe(first.versionId);
    const marker = await deleteObject(store, 'bucket', 'k');
    expect(findLatest(store, 'bucket', 'k')).toMatchObject({ deleteMarker: true, versionId: marker?.versionId });
    expect(await deleteObject(store, 'bucket', 'k')).toMatchObject({ versionId: marker?.versionId });
    expect(findVersion(store, 'bucket', 'k', first.versionId)).toMatchObject({ latest: false });
  });

  test('a write that is not allowed changes nothing', async () => {
    const { store } = await testStore();
    await put(store, 'k', 'before');
    const version = { bucket: 'bucket', key: 'k', headers: {}, tags: {}, files: [], etag: '' };
    const refused = putVersion(store, version, () => {
      throw new Error('no');
    });
    await expect(refused).rejects.toThrow('no');
    expect(findLatest(store, 'bucket', 'k')).toMatchObject({ sizeBytes: 6 });
  });
});

describe('uploads', () => {
  test('two requests cannot finish the same one', async () => {
    const { store } = await testStore('Enabled');
    const upload = getUpload(
      store,
      'bucket',
      'k',
      startUpload(store, { bucket: 'bucket', key: 'k', headers: {}, tags: {} }),
    );
    await keepBytes(store, piecesOf('x'), (bytes) => putPart(store, upload, 1, bytes, 'ab'.repeat(16)));
    const parts = listParts(store, upload).map(({ number, etag }) => ({ number, etag }));
    const results = await Promise.allSettled([
      completeUpload(store, upload, parts),
      completeUpload(store, upload, parts),
    ]);
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  test('go with their bucket', async () => {
    const { store, folder } = await testStore();
    const upload = getUpload(
      store,
      'bucket',
      'k',
      startUpload(store, { bucket: 'bucket', key: 'k', headers: {}, tags: {} }),
    );
    await keepBytes(store, piecesOf('x'), (bytes) => putPart(store, upload, 1, bytes, 'ab'.repeat(16)));
    await removeBucket(store, 'bucket');
    expect(() => getBucket(store, 'bucket')).toThrow(expect.objectContaining({ code: 'NoSuchBucket' }));
    expect(await byteFiles(folder)).toEqual([]);
  });
});
