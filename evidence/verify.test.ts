import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Ledger } from './ledger.ts';
import { ledgerPaths } from './ledger-paths.ts';
import { playRun, temporaryFolder } from './ledger.test-data.ts';
import { verifyLedger } from './verify-ledger.ts';
import { verifyRun } from './verify-run.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let ledgerFolder: string;
let paths: ReturnType<typeof ledgerPaths>;
/** The ledger as it was written, and its lines. */
let whole: Buffer;
let lines: string[];

beforeAll(async () => {
  folder = await temporaryFolder();
  ledgerFolder = join(folder.path, 'ledger');
  paths = ledgerPaths(ledgerFolder);
  await playRun(folder.path, 'one');
  await playRun(folder.path, 'two', 'failing');
  await new Ledger(ledgerFolder).rotate();
  await playRun(folder.path, 'three');
  whole = await readFile(paths.ledger);
  lines = whole.toString().trimEnd().split('\n');
});
afterAll(() => folder[Symbol.asyncDispose]());

/** Lines at which a changed ledger is found wrong. */
async function wrongLines(text: string | Uint8Array): Promise<number[]> {
  await writeFile(paths.ledger, text);
  try {
    return (await verifyLedger(paths)).problems.map(({ line }) => line ?? Number.NaN);
  } finally {
    await writeFile(paths.ledger, whole);
  }
}

const write = (changed: readonly string[]): string => changed.map((line) => `${line}\n`).join('');
const lineNumber = (): fc.Arbitrary<number> => fc.integer({ min: 1, max: lines.length });

describe('any single change of the ledger is found, at its line', () => {
  test('as it was written, nothing is found', async () => {
    expect(lines).toHaveLength(8);
    expect(await wrongLines(whole)).toEqual([]);
  });

  test('a byte changed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
        const changed = Buffer.from(whole);
        changed[at] = (whole[at]! + by) % 256;
        const line = whole.subarray(0, at).toString().split('\n').length;
        // A line end that was changed joins its line with the next; a new one cuts it in two.
        expect(await wrongLines(changed)).toContain(line);
      }),
      { numRuns: 150 },
    );
  });

  test('a byte removed or put in', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.option(fc.integer({ min: 0, max: 255 })), async (at, put) => {
        const rest = whole.subarray(put === null ? at + 1 : at);
        const changed = Buffer.concat([whole.subarray(0, at), Buffer.from(put === null ? [] : [put]), rest]);
        const line = whole.subarray(0, at).toString().split('\n').length;
        const found = await wrongLines(changed);
        // A line end put in at the beginning of a line is an empty line before it; one put in at its end, after it.
        expect(found.some((one) => one === line || one === line + 1)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  test('an entry removed: told at the line that comes after it, at the end with the head', async () => {
    await fc.assert(
      fc.asyncProperty(lineNumber(), async (number) => {
        const found = await wrongLines(write(lines.toSpliced(number - 1, 1)));
        expect(found).toContain(Math.min(number, lines.length - 1));
      }),
    );
  });

  test('two entries swapped', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(lineNumber(), { minLength: 2, maxLength: 2 }), async ([one = 0, other = 0]) => {
        const changed = lines.with(one - 1, lines[other - 1]!).with(other - 1, lines[one - 1]!);
        const found = await wrongLines(write(changed));
        expect(found).toContain(Math.min(one, other));
      }),
    );
  });

  test('an entry of the same ledger put in at another place', async () => {
    await fc.assert(
      fc.asyncProperty(lineNumber(), fc.nat(lines.length), async (number, at) => {
        const found = await wrongLines(write(lines.toSpliced(at, 0, lines[number - 1]!)));
        // Beside itself it cannot be told which of the two was put in.
        expect(found.some((line) => line === at + 1 || line === at + 2)).toBe(true);
      }),
    );
  });

  test('the end cut off', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), async (sizeBytes) => {
        const cut = whole.subarray(0, sizeBytes);
        const left = cut.toString().split('\n').length;
        const found = await wrongLines(cut);
        expect(found.some((line) => line === left || line === left - 1)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test('the end cut off together with the head beside it: only a head that was kept elsewhere tells', async () => {
    const { head } = await verifyLedger(paths);
    const headText = await readFile(paths.head);
    await writeFile(paths.ledger, write(lines.slice(0, -2)));
    await rm(paths.head);
    try {
      const alone = await verifyLedger(paths);
      expect(alone.problems).toEqual([]);
      expect(alone.notChecked).toEqual([expect.stringContaining('there is no head')]);
      const { problems } = await verifyLedger(paths, { head: head!.sha256 });
      expect(problems).toMatchObject([{ line: 6, what: expect.stringContaining('the head that was given') }]);
    } finally {
      await writeFile(paths.head, headText);
      await writeFile(paths.ledger, whole);
    }
  });

  test('a head of an earlier time is enough for what was there then', async () => {
    await writeFile(paths.ledger, whole);
    const early = await verifyLedger(paths, { head: JSON.parse(lines[3]!).previous });
    expect(early.problems).toEqual([]);
  });
});

describe('keys', () => {
  test('entries before and after a rotation verify; the old key cannot sign any more', async () => {
    const result = await verifyLedger(paths);
    expect(result.problems).toEqual([]);
    const [opened] = lines.map((line) => JSON.parse(line));
    const stranger = { ...paths, keys: join(folder.path, 'no-keys') };
    expect((await verifyLedger(stranger)).notChecked).toEqual([expect.stringContaining(opened.keyId)]);
    expect((await verifyLedger(stranger, { trustedKeyIds: ['0'.repeat(64)] })).problems[0]).toMatchObject({
      line: 1,
      what: expect.stringContaining('not one that is trusted'),
    });
  });

  test('a ledger rewritten with another key is found by the key that is trusted', async () => {
    await using other = await temporaryFolder();
    await playRun(other.path, 'one');
    const forged = { ...ledgerPaths(join(other.path, 'ledger')), keys: paths.keys };
    expect((await verifyLedger(forged)).problems[0]).toMatchObject({ line: 1 });
  });
});

describe("any single change of a run's folder is found and named", () => {
  const verify = () => verifyRun(join(folder.path, 'runs', 'two'), { ledgerFolder });
  const files = async (): Promise<string[]> => {
    const directory = join(folder.path, 'runs', 'two');
    const found = await readdir(directory, { recursive: true, withFileTypes: true });
    return found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  };

  test('as it was sealed, nothing is found', async () => {
    expect(await files()).toHaveLength(10);
    expect((await verify()).problems).toEqual([]);
  });

  test('a byte changed, removed or put in, in any file', async () => {
    const all = await files();
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...all),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        fc.constantFrom('changed', 'removed', 'put in'),
        async (file, place, by, how) => {
          const before = await readFile(file);
          const at = place % before.length;
          const byte = (before[at]! + by) % 256;
          const rest = before.subarray(how === 'put in' ? at : at + 1);
          const changed = Buffer.concat([before.subarray(0, at), Buffer.from(how === 'removed' ? [] : [byte]), rest]);
          await writeFile(file, changed);
          try {
            const found = (await verify()).problems;
            // The manifest, its signature and the key are told together: any of the three may be the one.
            const text = found.map(({ where, what }) => `${where} ${what}`).join('\n');
            expect(text).toContain(file.split('/').at(-1));
          } finally {
            await writeFile(file, before);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  test('a file removed or added', async () => {
    for (const file of await files()) {
      const before = await readFile(file);
      await rm(file);
      if (!file.endsWith('/manifest.json')) {
        expect((await verify()).problems.map(({ where }) => where)).toContain(file);
      } else {
        await expect(verify()).rejects.toThrow('there is nothing to verify');
      }
      await writeFile(file, before);
    }
    const added = join(folder.path, 'runs', 'two', 'allure-results', 'more.json');
    await writeFile(added, '{}');
    expect((await verify()).problems).toEqual([{ where: added, what: 'it was added: the manifest does not name it' }]);
    await rm(added);
  });

  test('a folder sealed again with another key is found by the ledger', async () => {
    await using other = await temporaryFolder();
    await playRun(other.path, 'two');
    const { problems } = await verifyRun(join(other.path, 'runs', 'two'), { ledgerFolder });
    expect(problems.map(({ what }) => what)).toEqual([expect.stringMatching(/entry 4, which closed run 2, .* number/)]);
  });

  test('without a ledger it is said what was not checked', async () => {
    const { problems, notChecked } = await verifyRun(join(folder.path, 'runs', 'two'), {
      ledgerFolder: join(folder.path, 'nowhere'),
    });
    expect(problems).toEqual([]);
    expect(notChecked).toEqual([
      expect.stringContaining('taken at its word'),
      expect.stringContaining('there is no ledger'),
    ]);
  });
});
