import { readdirSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { clientOf, succeeded, things, thingsIndex } from './client.ts';
import { failToStart, startSearch, temporaryFolder, type FailedStart, type SearchProgram } from './process.ts';

const masterKey = 'a-master-key-of-this-test';

/** Dumps and snapshots: only a server that starts reads one, so this needs the program itself. */
export function dumpContract(program: SearchProgram): void {
  describe('dumps and snapshots', () => {
    it.each(['dump', 'snapshot'] as const)(
      'a %s brings documents, settings and the secrets of keys back',
      async (kind) => {
        await using folder = await temporaryFolder();
        const launch = { program, folder: folder.path, masterKey };
        await using first = await startSearch(launch);
        const before = await fill(first.url);
        const client = clientOf({ host: first.url, masterKey });
        await succeeded((kind === 'dump' ? client.createDump() : client.createSnapshot()).waitTask());
        await succeeded(client.index('things').deleteAllDocuments().waitTask());
        await first.end('SIGTERM');
        await rm(join(folder.path, 'data.ms'), { recursive: true });
        const file = archiveIn(folder.path, kind);
        await using second = await startSearch({ ...launch, args: [`--import-${kind}`, file] });
        expect(await contentOf(second.url)).toEqual(before);
        const found = await clientOf({ host: second.url, masterKey })
          .index('things')
          .search('kettle', { filter: 'price > 30' });
        expect(found.hits).toEqual([things[0]]);
      },
    );

    it('a dump under another master key brings the keys with other secrets', async () => {
      await using folder = await temporaryFolder();
      await using first = await startSearch({ program, folder: folder.path, masterKey });
      const before = await fill(first.url);
      await succeeded(clientOf({ host: first.url, masterKey }).createDump().waitTask());
      await first.end('SIGTERM');
      await rm(join(folder.path, 'data.ms'), { recursive: true });
      const args = ['--import-dump', archiveIn(folder.path, 'dump')];
      const other = 'another-master-key-of-this-test';
      await using second = await startSearch({ program, folder: folder.path, masterKey: other, args });
      const { results } = await clientOf({ host: second.url, masterKey: other }).getKeys();
      expect(results.map(({ uid }) => uid)).toEqual(before.keys.map(({ uid }) => uid));
      for (const [index, { key }] of results.entries()) expect(key).not.toBe(before.keys[index]?.key);
    });

    it('half a dump stops the start', async () => {
      await using folder = await temporaryFolder();
      const { exitCode, lines } = await startFromCutDump(program, folder.path, (whole) =>
        whole.subarray(0, whole.length / 2),
      );
      expect(exitCode).toBe(1);
      expect(lines.join('\n')).toContain('unexpected end of file');
    });
  });
}

/** Writes a dump, and starts a server without data from a part of it. */
export async function startFromCutDump(
  program: SearchProgram,
  folder: string,
  part: (whole: Buffer) => Buffer,
): Promise<FailedStart> {
  await using first = await startSearch({ program, folder, masterKey });
  await fill(first.url);
  await succeeded(clientOf({ host: first.url, masterKey }).createDump().waitTask());
  await first.end('SIGTERM');
  await rm(join(folder, 'data.ms'), { recursive: true });
  const cut = join(folder, 'cut.dump');
  await writeFile(cut, part(await readFile(archiveIn(folder, 'dump'))));
  return await failToStart({ program, folder, masterKey, args: ['--import-dump', cut] });
}

async function fill(host: string): Promise<Awaited<ReturnType<typeof contentOf>>> {
  const client = clientOf({ host, masterKey });
  await thingsIndex(client, 'things');
  await client.createKey({ name: 'one of its own', actions: ['search'], indexes: ['things'], expiresAt: null });
  return contentOf(host);
}

async function contentOf(host: string) {
  const client = clientOf({ host, masterKey });
  const index = client.index('things');
  const { primaryKey, createdAt } = await client.getRawIndex('things');
  return {
    index: { primaryKey, createdAt },
    documents: (await index.getDocuments({ limit: 100 })).results,
    settings: await index.getSettings(),
    keys: (await client.getKeys()).results,
  };
}

function archiveIn(folder: string, kind: 'dump' | 'snapshot'): string {
  const [file, ...others] = readdirSync(join(folder, `${kind}s`));
  if (file === undefined || others.length > 0) throw new Error(`expected one ${kind}, found ${others.length}`);
  return join(folder, `${kind}s`, file);
}
