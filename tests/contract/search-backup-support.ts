import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { extract, pack } from 'tar-stream';
import { systemClock } from '../../domain/clock.ts';
import type { SearchBackupKind, SearchRestorePoint } from '../../domain/search-backup.ts';
import type { EngineName, Provisioner, SearchServer, SearchStart, Stack } from '../../domain/service.ts';
import { compress } from '../../recovery/compression.ts';
import { encrypt } from '../../recovery/encryption.ts';
import { readArtefact } from '../../recovery/read-artefact.ts';
import { backUpSearch, type SearchBackupOptions } from '../../recovery/search-backup.ts';
import { restoreSearch, type SearchRecovery, type SearchRestoreOptions } from '../../recovery/search-restore.ts';
import { objectClient, searchClient } from '../../stack/clients.ts';
import { containerStarters } from '../../stack/containers/stack.ts';
import { objectsPlaces, startNativeObjects } from '../../stack/native/objects.ts';
import { searchPlaces, startNativeSearch } from '../../stack/native/search.ts';
import { standInOf } from '../../stack/native/store-program.ts';
import { createRunContext } from '../../stack/run-context.ts';

export const bucket = 'backups';

export type SearchBench = Awaited<ReturnType<typeof createSearchBench>>;

/**
 * A store for backups and an age identity; every server that is started through it ends when it is disposed. On local
 * processes the servers are the built-in stand-in.
 */
export async function createSearchBench(engine: EngineName) {
  await using starting = new AsyncDisposableStack();
  const run = starting.use(await createRunContext({ runId: `search-${randomBytes(4).toString('hex')}`, engine }));
  const store = starting.use(
    await startNativeObjects(run, 'backups', { service: 'backups', program: standInOf(objectsPlaces) }),
  );
  const objects = objectClient(store.access);
  await objects.makeBucket(bucket);
  const identity = await generateX25519Identity();
  const recipient = await identityToRecipient(identity);
  const started = starting.move();
  const servers: SearchServer[] = [];
  const startServer: Provisioner['search'] =
    engine === 'containers'
      ? (role, start) => containerStarters(run, { database: 'none' }).search(role, start)
      : (role, start) => startNativeSearch(run, role, { ...start, program: standInOf(searchPlaces) });
  const search = async (role: string, start?: SearchStart): Promise<SearchServer> => {
    const server = await startServer(role, start);
    servers.push(server);
    return started.use(server);
  };
  const common = { store: store.access, clock: systemClock };
  return {
    run,
    access: store.access,
    objects,
    identity,
    recipient,
    search,
    /** Every server that was started so far. */
    servers,
    backup: (source: SearchServer, kind: SearchBackupKind, options?: Partial<SearchBackupOptions>) =>
      backUpSearch({ ...common, source, kind, bucket, recipient, compression: 'zstd', ...options }),
    restore: (
      restorePoint: SearchRestorePoint,
      masterKey: string,
      options?: Partial<SearchRestoreOptions>,
    ): Promise<SearchRecovery> =>
      restoreSearch({
        ...common,
        restorePoint,
        identity,
        provision: { search },
        masterKey,
        folder: run.folder,
        ...options,
      }),
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

/** A stack as far as the faults of a search server look at it. */
export function stackOf(search: SearchServer): Stack {
  return { search } as Stack;
}

/** Two indexes with settings and documents, and a key of its own. */
export async function fillSearch({ access }: SearchServer): Promise<void> {
  const client = searchClient(access);
  const things = client.index('things');
  await client.createIndex('things', { primaryKey: 'id' }).waitTask();
  await things.updateSettings({ filterableAttributes: ['price'], stopWords: ['the'] }).waitTask();
  const documents = Array.from({ length: 1_500 }, (_, id) => ({
    id,
    name: `kettle ${id}`,
    price: id % 97,
    tags: ['é'],
  }));
  await things.addDocuments(documents).waitTask();
  await client.createIndex('empty').waitTask();
  await client.createKey({ name: 'shop window', actions: ['search'], indexes: ['things'], expiresAt: null });
}

/** The same backup with its file changed before it was compressed and encrypted: sha256 and size fit. */
export async function withChangedFile(
  { objects, access, identity, recipient }: SearchBench,
  point: SearchRestorePoint,
  change: (plain: Buffer) => Promise<Buffer> | Buffer,
): Promise<SearchRestorePoint> {
  const { compression, file } = point.manifest;
  await using artefact = await readArtefact({ client: objectClient(access), bucket, file, compression, identity });
  const plain = await change(Buffer.concat(await Array.fromAsync(artefact.chunks())));
  const stored = await buffer(await encrypt(await compress(Readable.from([plain]), compression), recipient));
  const key = `changed/${randomBytes(4).toString('hex')}`;
  await objects.putObject(bucket, key, stored);
  const sha256 = createHash('sha256').update(stored).digest('hex');
  return { ...point, manifest: { ...point.manifest, file: { key, sha256, sizeBytes: stored.length } } };
}

/** A dump with other metadata, as another version would have written them. */
export async function withMetadata(dump: Buffer, metadata: object): Promise<Buffer> {
  const tar = extract();
  const changed = pack();
  tar.end(gunzipSync(dump));
  for await (const entry of tar) {
    const content = await buffer(entry);
    const { name, type } = entry.header;
    const body = name === 'metadata.json' ? Buffer.from(JSON.stringify(metadata)) : content;
    changed.entry({ name, type: type ?? 'file' }, body);
  }
  changed.finalize();
  return gzipSync(await buffer(changed));
}
