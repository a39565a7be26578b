import { appendFile, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from '../programs/execa.ts';
import { describe, expect, test } from 'vitest';
import type { LedgerEntry } from '../domain/ledger.ts';
import { Ledger } from './ledger.ts';
import { ledgerPaths } from './ledger-paths.ts';
import { beginRun, leaveDeadRun, newRun, playRun, steppingClock, temporaryFolder } from './ledger.test-data.ts';
import { verifyLedger } from './verify-ledger.ts';
import { verifyRun } from './verify-run.ts';

const pathsIn = (folder: string) => ledgerPaths(join(folder, 'ledger'));

async function entriesIn(folder: string): Promise<LedgerEntry[]> {
  const text = await readFile(pathsIn(folder).ledger, 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as LedgerEntry);
}

const kindsIn = async (folder: string): Promise<string[]> =>
  (await entriesIn(folder)).map((entry) => ('run' in entry ? `${entry.kind} ${entry.run.number}` : entry.kind));

describe('numbers', () => {
  test('every run gets the next one, the red and the aborted ones too; the first makes a key and says so', async () => {
    await using folder = await temporaryFolder();
    const said: string[] = [];
    const first = await beginRun(folder.path, 'one', (line) => said.push(line));
    expect(said).toEqual([
      expect.stringMatching(/^ledger: a new one was begun in .*, signed with the key [0-9a-f]{16}$/),
    ]);
    await first.fail('no engine');
    await playRun(folder.path, 'two', 'failing');
    await playRun(folder.path, 'three', 'interrupted');
    expect(await kindsIn(folder.path)).toEqual([
      'opened',
      'begun 1',
      'closed 1',
      'begun 2',
      'closed 2',
      'begun 3',
      'closed 3',
    ]);
    const ends = (await entriesIn(folder.path)).flatMap((entry) => (entry.kind === 'closed' ? [entry.end] : []));
    expect(ends.map(({ state, verdict }) => `${state} ${verdict}`)).toEqual([
      'failed inconclusive',
      'finished fail',
      'interrupted inconclusive',
    ]);
    expect(ends[0]?.reason).toBe('no engine');
    expect(ends[1]?.figures?.rtoTargetMs).toBeGreaterThan(0);
    const { problems, checked } = await verifyLedger(pathsIn(folder.path));
    expect(problems).toEqual([]);
    expect(checked).toEqual(['7 entries of 3 runs: signatures, chain, numbers']);
  });

  test('a run is closed once', async () => {
    await using folder = await temporaryFolder();
    const run = await playRun(folder.path, 'one');
    await expect(run.fail('again')).rejects.toThrow('run 1 cannot be closed');
  });

  test('runs of several processes keep the order', async () => {
    await using folder = await temporaryFolder();
    const script = `
      import { Ledger } from ${JSON.stringify(new URL('ledger.ts', import.meta.url).href)};
      const ledger = new Ledger(process.argv[1]);
      const run = { drill: 'd', scenario: 's', runbook: { name: 'r', version: '1', sha256: 'a'.repeat(64) }, engine: 'native', startedAt: '2026-03-02T09:00:00.000Z' };
      const dead = async () => { throw new Error('nobody is dead'); };
      for (let index = 0; index < 5; index += 1) {
        const begun = await ledger.begin({ ...run, runId: process.pid + '-' + index, directory: process.argv[1] + '/x' }, dead);
        await ledger.close(begun, async () => ({ state: 'finished', verdict: 'pass' }));
      }`;
    const ledgerFolder = join(folder.path, 'ledger');
    await Promise.all(
      ['a', 'b', 'c'].map(() => execa(process.execPath, ['--input-type=module', '--eval', script, ledgerFolder])),
    );
    const { problems, head } = await verifyLedger(pathsIn(folder.path));
    expect(problems).toEqual([]);
    expect(head).toMatchObject({ index: 30, runs: 15 });
  });
});

describe('a run that died', () => {
  test('is closed as aborted by the next one, with what it has left', async () => {
    await using folder = await temporaryFolder();
    await leaveDeadRun(folder.path, 'dead');
    const said: string[] = [];
    const next = await beginRun(folder.path, 'next', (line) => said.push(line));
    expect(said).toEqual(['ledger: run 1 (dead) had died; it was closed as aborted']);
    await next.fail('');
    expect(await kindsIn(folder.path)).toEqual(['opened', 'begun 1', 'closed 1', 'begun 2', 'closed 2']);
    const closed = (await entriesIn(folder.path))[2];
    expect(closed).toMatchObject({
      end: {
        state: 'aborted',
        verdict: 'inconclusive',
        seal: { artefacts: 1 },
        reason: expect.stringContaining('process'),
      },
    });
    const { problems } = await verifyRun(join(folder.path, 'runs', 'dead'), {
      ledgerFolder: join(folder.path, 'ledger'),
    });
    expect(problems).toEqual([]);
  });

  test('one that still runs stays open', async () => {
    await using folder = await temporaryFolder();
    await beginRun(folder.path, 'one');
    const two = await beginRun(folder.path, 'two');
    await two.fail('');
    expect((await entriesIn(folder.path)).at(-1)?.open).toEqual([1]);
    expect((await verifyLedger(pathsIn(folder.path))).problems).toEqual([]);
  });
});

describe('a torn last line', () => {
  test('is cut off, told, and kept in an entry', async () => {
    await using folder = await temporaryFolder();
    await playRun(folder.path, 'one');
    await appendFile(pathsIn(folder.path).ledger, '{"schemaVersion":1,"ind');
    expect((await verifyLedger(pathsIn(folder.path))).problems[0]).toMatchObject({ line: 4 });
    const said: string[] = [];
    await beginRun(folder.path, 'two', (line) => said.push(line));
    expect(said).toEqual(['ledger: a torn last line of 23 bytes was cut off; entry 3 keeps it']);
    const repaired = (await entriesIn(folder.path))[3];
    expect(repaired?.kind === 'repaired' && Buffer.from(repaired.dropped, 'base64').toString()).toBe(
      '{"schemaVersion":1,"ind',
    );
    expect((await verifyLedger(pathsIn(folder.path))).problems).toEqual([]);
  });

  test('a whole entry whose line end is missing is completed', async () => {
    await using folder = await temporaryFolder();
    await playRun(folder.path, 'one');
    const { ledger } = pathsIn(folder.path);
    const whole = await readFile(ledger, 'utf8');
    await writeFile(ledger, whole.trimEnd());
    expect((await verifyLedger(pathsIn(folder.path))).problems).toHaveLength(1);
    const said: string[] = [];
    const paths = new Ledger(join(folder.path, 'ledger'), { say: (line) => said.push(line) });
    await paths.head();
    expect(said).toEqual(['ledger: the end of the last line was missing and was put back (entry 2)']);
    expect(await readFile(ledger, 'utf8')).toBe(whole);
  });

  test('of a ledger that never had an entry: it is begun again', async () => {
    await using folder = await temporaryFolder();
    await playRun(folder.path, 'one');
    await rm(pathsIn(folder.path).head);
    await writeFile(pathsIn(folder.path).ledger, '{"schema');
    await playRun(folder.path, 'two');
    expect(await kindsIn(folder.path)).toEqual(['opened', 'begun 1', 'closed 1']);
  });
});

describe('nothing is covered up', () => {
  test('a ledger that is shorter than its head is not gone on with', async () => {
    await using folder = await temporaryFolder();
    await playRun(folder.path, 'one');
    const { ledger } = pathsIn(folder.path);
    const lines = (await readFile(ledger, 'utf8')).trimEnd().split('\n');
    await writeFile(ledger, `${lines.slice(0, -1).join('\n')}\n`);
    await expect(beginRun(folder.path, 'two')).rejects.toThrow('the ledger does not end as its head says');
    await rm(ledger);
    await expect(beginRun(folder.path, 'two')).rejects.toThrow('the ledger is gone, its head is there');
  });

  test('a last line that cannot be read is not gone on with', async () => {
    await using folder = await temporaryFolder();
    await playRun(folder.path, 'one');
    await appendFile(pathsIn(folder.path).ledger, 'x\n');
    await expect(beginRun(folder.path, 'two')).rejects.toThrow('the end of the ledger cannot be read');
  });
});

test('appending reads the end of the ledger only', async () => {
  await using folder = await temporaryFolder();
  await playRun(folder.path, 'one');
  const { ledger } = pathsIn(folder.path);
  // A hole of eight gigabytes before the first line: whoever read it would not be done before the test is over.
  const text = await readFile(ledger, 'utf8');
  const handle = await open(ledger, 'w');
  await handle.write(`\n${text}`, 8 * 2 ** 30);
  await handle.close();
  const begun = await new Ledger(join(folder.path, 'ledger'), { clock: steppingClock() }).begin(
    newRun(folder.path, 'two'),
    async () => {
      throw new Error('nobody is dead');
    },
  );
  expect(begun.number).toBe(2);
});
