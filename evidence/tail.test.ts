import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { temporaryFolder } from './ledger.test-data.ts';
import { linesFromEnd, readTail } from './tail.ts';

test('lines from the end are the lines, whatever the size of the blocks', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'lines');
  const line = fc.stringMatching(/^[a-zä]{0,9}$/);
  await fc.assert(
    fc.asyncProperty(fc.array(line), line, fc.integer({ min: 1, max: 20 }), async (lines, rest, blockBytes) => {
      await writeFile(file, lines.map((text) => `${text}\n`).join('') + rest);
      const found = await Array.fromAsync(linesFromEnd(file, blockBytes), ({ bytes }) => bytes.toString());
      expect(found).toEqual([...lines, rest].toReversed());
    }),
    { numRuns: 60 },
  );
});

test('the tail: the last whole line, and what is torn', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'lines');
  expect(await readTail(file)).toEqual({ wholeBytes: 0, torn: Buffer.alloc(0) });
  await writeFile(file, 'one\ntwo\n');
  expect(await readTail(file)).toEqual({ last: 'two', wholeBytes: 8, torn: Buffer.alloc(0) });
  await writeFile(file, 'one\ntwo\nthr');
  expect(await readTail(file)).toEqual({ last: 'two', wholeBytes: 8, torn: Buffer.from('thr') });
  await writeFile(file, 'on');
  expect(await readTail(file)).toEqual({ wholeBytes: 0, torn: Buffer.from('on') });
});
