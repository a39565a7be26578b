import { join } from 'node:path';
import { readdir, readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { faultKinds } from './index.ts';

const folder = import.meta.dirname;

it('lists every file that holds a fault, and nothing else, by name', async () => {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  // What makes a fault of a target, or is one.
  const holders = files.filter((_, at) =>
    /^export .*(\btarget: Target\b.*\): Fault \{|\): ObjectFault \{|: Fault =)/m.test(texts[at] ?? ''),
  );
  expect(holders.map((file) => file.slice(0, -'.ts'.length)).sort()).toEqual(faultKinds.map(({ name }) => name));
});

const makers = faultKinds.flatMap(({ make, ...kind }) => (make ? [{ ...kind, make }] : []));

it.each(makers)('$name makes a fault of its name for each service that it strikes', ({ name, strikes, make }) => {
  expect(strikes).not.toEqual([]);
  const made = strikes.map((service) => make({ service }));
  expect(made.map((fault) => fault.name.split(':')[0])).toEqual(strikes.map(() => name));
  expect(new Set(made.map((fault) => fault.name)).size).toBe(strikes.length);
  if (strikes.length > 1) expect(made.map(({ title }, at) => title.includes(strikes[at] ?? '?'))).not.toContain(false);
});
