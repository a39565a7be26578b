import { readdirSync } from 'node:fs';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failToStart, startSearch, temporaryFolder, type SearchProcess } from './search/process.ts';
import {
  normalized,
  readExchanges,
  readStartUpCases,
  recordedDump,
  recordedMasterKey,
  recordingFolder,
  withoutRecording,
  type StartUpCase,
} from './search/recording.ts';
import { replayOn } from './search/replay.ts';

/** Folders of a case: `work` holds what the replayed server left, `folder` is where the case runs. */
interface Places {
  work: string;
  folder: string;
  recording: string;
}

/** What stands in the folder of a case before the server starts; an empty folder where nothing is listed. */
const preparations: Record<string, (places: Places) => Promise<void>> = {
  'import a dump where a database exists': copyDatabase,
  'the same with --ignore-dump-if-db-exists': copyDatabase,
  'import a snapshot where a database exists': copyDatabase,
  'import a truncated dump': ({ folder, recording }) => cutInHalf(recordedDump(recording), join(folder, 'cut.dump')),
  'import a file that is no dump': ({ folder }) => writeFile(join(folder, 'x.dump'), 'no dump'),
  'import a truncated snapshot': ({ folder, work }) =>
    cutInHalf(join(work, 'snapshots', 'data.ms.snapshot'), join(folder, 'cut.snapshot')),
  'a corrupt data folder': async ({ folder }) => {
    await mkdir(join(folder, 'data.ms'));
    await writeFile(join(folder, 'data.ms', 'VERSION'), 'garbage');
  },
  'an index file overwritten with garbage': async (places) => {
    await copyDatabase(places);
    const indexes = join(places.folder, 'data.ms', 'indexes');
    const garbage = Buffer.alloc(65_536, 'garbage ');
    for (const name of readdirSync(indexes)) await writeFile(join(indexes, name, 'data.mdb'), garbage);
  },
};

if (recordingFolder === undefined) {
  it.skip(`start-up as a real server does it (${withoutRecording})`, () => {});
} else {
  const recording = recordingFolder;
  const cases = readStartUpCases(recording);
  describe('start-up of the built-in stand-in for Meilisearch, held against recorded cases of a real server', () => {
    let root: Awaited<ReturnType<typeof temporaryFolder>>;
    let work: string;

    beforeAll(async () => {
      root = await temporaryFolder();
      work = join(root.path, 'work');
      await mkdir(work);
      await using server = await startSearch({ folder: work, masterKey: recordedMasterKey });
      const replay = replayOn(server.url);
      for (const exchange of readExchanges(recording)) await replay.send(exchange);
      expect(await server.end('SIGTERM')).toBe(0);
    });
    afterAll(async () => root?.[Symbol.asyncDispose]());

    it('has 15 recorded cases', () => expect(cases).toHaveLength(15));

    for (const [index, each] of cases.entries()) {
      it(each.case, async () => {
        const places = { work, folder: join(root.path, `case-${index}`), recording };
        await mkdir(places.folder);
        await preparations[each.case]?.(places);
        const args = (each.args ?? []).map((argument) => inPlace(argument, places));
        const masterKey = each.env?.['MEILI_MASTER_KEY'] ?? recordedMasterKey;
        const launch = { folder: places.folder, args, masterKey };
        if (each.exitCode !== undefined) {
          const { exitCode, lines } = await failToStart(launch);
          expect(exitCode).toBe(each.exitCode);
          expect(lastLog(lines, each, places)).toEqual(lastLog(each.lastLog ?? [], each, places));
          return;
        }
        await using server = await startSearch(launch);
        await expectHeld(server, each);
      });
    }

    it('answers the recorded searches after the import of the recorded dump', async () => {
      const folder = join(root.path, 'imported');
      await mkdir(folder);
      const args = ['--import-dump', recordedDump(recording)];
      await using server = await startSearch({ folder, args, masterKey: recordedMasterKey });
      const replay = replayOn(server.url);
      const searches = readExchanges(recording).filter(({ name }) => name.startsWith('search: '));
      expect(searches.length).toBeGreaterThan(10);
      for (const exchange of searches) {
        const { status, body } = await replay.send(exchange);
        expect({ status, body: normalized(body) }, exchange.name).toEqual({
          status: exchange.response.status,
          body: normalized(exchange.response.body),
        });
      }
    });

    it('leaves no data folder after an import that failed', async () => {
      const places = { work, folder: join(root.path, 'left'), recording };
      await mkdir(places.folder);
      await cutInHalf(recordedDump(recording), join(places.folder, 'cut.dump'));
      const args = ['--import-dump', 'cut.dump'];
      await failToStart({ folder: places.folder, args, masterKey: recordedMasterKey });
      expect(readdirSync(places.folder)).toEqual(['cut.dump']);
    });

    it('an index file overwritten with garbage shows when its content is asked for, not before', async () => {
      const places = { work, folder: join(root.path, 'garbage'), recording };
      await mkdir(places.folder);
      await preparations['an index file overwritten with garbage']?.(places);
      await using server = await startSearch({ folder: places.folder, masterKey: recordedMasterKey });
      const { indexes } = (await ask(server, '/stats')) as { indexes: Record<string, unknown> };
      for (const uid of Object.keys(indexes)) {
        expect(await ask(server, `/indexes/${uid}/documents`)).toMatchObject({ code: 'internal' });
      }
    });
  });
}

async function expectHeld(server: SearchProcess, { case: name, stats, keys, tasks }: StartUpCase): Promise<void> {
  if (stats) expect(normalized(await ask(server, '/stats'))).toEqual(normalized(stats));
  const held = (await ask(server, '/keys')) as { results: Record<string, unknown>[]; total: number };
  const queue = (await ask(server, '/tasks?limit=3')) as { results: Record<string, unknown>[] };
  // What comes from the recorded dump is the same to the last digit; elsewhere keys and instants are of this run.
  const exact = name === 'import a dump into an empty folder';
  if (keys) {
    expect(exact ? held : held.results.map(withoutSecret)).toEqual(exact ? keys : keys.results.map(withoutSecret));
  }
  if (tasks) expect(exact ? queue : normalized(queue)).toEqual(exact ? tasks : normalized(tasks));
}

function withoutSecret({ name, description, actions, indexes, expiresAt }: Record<string, unknown>): unknown {
  return { name, description, actions, indexes, expiresAt };
}

async function ask(server: SearchProcess, path: string): Promise<unknown> {
  const answer = await fetch(server.url + path, { headers: { authorization: `Bearer ${recordedMasterKey}` } });
  return answer.json();
}

/** The arguments of the recording name three folders; `OUT/` holds its dump, whatever its name. */
function inPlace(argument: string, { work, folder, recording }: Places): string {
  if (argument.startsWith('OUT/')) return recordedDump(recording);
  return argument.replace(/^DIR\//, `${folder}/`).replace(/^WORK\//, `${work}/`);
}

/**
 * The last lines of a log, as many as were recorded, without instants, folders and the offered master key. The entry in
 * which a truncated snapshot ends is another one: the stand-in has its own order and format of the files in it.
 */
function lastLog(lines: readonly string[], { lastLog = [], case: name }: StartUpCase, { folder }: Places): string[] {
  const kept = lines.slice(-lastLog.length).map((line) =>
    line
      .replaceAll(folder, 'DIR')
      .replaceAll(/DIR\/data\.ms\/temporary\/task-\w+/g, 'TMP')
      .replace(/^\d{4}-\d\d-\d\dT[\d:.]+Z /, '<instant> ')
      .replace(/>> --master-key \S+ <</, '>> --master-key <key> <<'),
  );
  if (name !== 'import a truncated snapshot') return kept;
  return kept.map((line) => line.replaceAll(/`[^`]*`/g, '`<entry>`'));
}

async function copyDatabase({ work, folder }: Places): Promise<void> {
  await cp(join(work, 'data.ms'), join(folder, 'data.ms'), { recursive: true });
}

async function cutInHalf(file: string, target: string): Promise<void> {
  const content = await readFile(file);
  await writeFile(target, content.subarray(0, content.length / 2));
}
