import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { execa } from '../programs/execa.ts';
import { systemClock } from '../domain/clock.ts';
import { endedBy, endInOrder, listenForEndings, passOn } from '../bin/ending.ts';
import { projectFolder } from '../harness/project.ts';

interface Options {
  short?: boolean;
  out: string;
}

/** Each with what makes it short: too little to judge by, enough to see that it runs. */
const benches = [
  { name: 'bench', file: 'run.ts', short: ['--customers', '5000', '--runs', '1'] },
  { name: 'bench:objects', file: 'objects.ts', short: ['--small', '200', '--large', '2', '--runs', '1'] },
  { name: 'bench:reconcile', file: 'reconcile.ts', short: ['--runs', '1'] },
] as const;

const program = new Command('bench:all')
  .description('Runs every benchmark, one after another, and prints their tables together at the end.')
  .option('--short', 'small sizes, one run each: the ratios say little then')
  .option('--out <folder>', 'where the figures are written', join(projectFolder, 'bench', 'out'))
  .parse();

const { short = false, out } = program.opts<Options>();
const folder = join(out, `all-${systemClock.now().toISOString().slice(0, 19).replaceAll(':', '')}`);
const tables: string[] = [];
listenForEndings();
for (const bench of benches) {
  const written = join(folder, bench.file.replace('.ts', ''));
  await mkdir(written, { recursive: true });
  process.stdout.write(`\n== ${bench.name}\n`);
  const args = [join(projectFolder, 'bench', bench.file), '--out', written, ...(short ? bench.short : [])];
  const { exitCode = 3 } = await endInOrder(async (ending) => {
    const running = execa(process.execPath, args, { stdio: 'inherit', reject: false });
    const stopPassing = passOn(ending, running);
    return running.finally(stopPassing);
  });
  if (endedBy() !== undefined) break;
  const [table] = (await readdir(written)).filter((name) => name.endsWith('.md'));
  const text = table === undefined ? 'It gave no figures.\n' : await readFile(join(written, table), 'utf8');
  tables.push(`## ${bench.name}${exitCode === 0 ? '' : ` (exit ${exitCode})`}\n\n${text}`);
  // The worst of them: 1 for a ratio over its limit, 3 for a benchmark that did not come to its end.
  process.exitCode = Math.max(Number(process.exitCode ?? 0), exitCode);
}
process.stdout.write(`\n${tables.join('\n')}`);
