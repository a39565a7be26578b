import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { playDrills } from './play-drills.ts';

const [, command = ''] = process.argv;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firedrill-play-drills-'));
  process.argv[1] = join(folder, 'run.mjs');
});
afterEach(async () => {
  process.argv[1] = command;
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

/** In place of the command: a drill that ends as soon as the other one has begun too, or gives up. */
const waitsForTheOther = `
  import { existsSync, writeFileSync } from 'node:fs';
  import { join } from 'node:path';
  const [, name, , out] = process.argv.slice(2);
  const begun = (drill) => join(out, '..', drill + '.begun');
  writeFileSync(begun(name), '');
  console.log('begins');
  const other = name === 'one' ? 'two' : 'one';
  for (let tries = 0; tries < 500 && !existsSync(begun(other)); tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 20));
  console.log(existsSync(begun(other)) ? 'both run' : 'alone');
  process.exitCode = 3;
`;

test('drills run side by side where that is asked for, each line with its name, and are told in their order', async () => {
  await writeFile(join(folder, 'run.mjs'), waitsForTheOther);
  const printed: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed.push(String(text));
    return true;
  });
  const played = await playDrills(
    ['one', 'two'].map((name) => ({ name, options: {} })),
    folder,
    { atOnce: 2 },
  );
  expect(played).toEqual([
    { drill: 'one', missing: 'left no record, exit code 3' },
    { drill: 'two', missing: 'left no record, exit code 3' },
  ]);
  expect(printed.toSorted()).toEqual(['one | begins\n', 'one | both run\n', 'two | begins\n', 'two | both run\n']);
});
