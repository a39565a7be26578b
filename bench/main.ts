import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { messageOf } from '../domain/drill-error.ts';
import { endInOrder, listenForEndings } from '../bin/ending.ts';
import { projectFolder } from '../harness/project.ts';
import { chooseOwnEnvironment } from '../stack/own-environment.ts';

export interface Benchmark<Options, Figures> {
  /** With `--out`, which `bench` adds. */
  program: Command;
  /** Beginning of the names of the files it writes; none by default. */
  prefix?: string;
  /** Throws when `signal` aborts, once what it started is gone. */
  measure: (options: Options, signal: AbortSignal) => Promise<Figures>;
  table: (figures: Figures) => string;
  /** The limits that were missed, in words. */
  missed: (figures: Figures) => readonly string[];
}

/**
 * Runs a benchmark as a program: measures, writes `<out>/<prefix><instant>.json` and `.md` and shows the table. The exit
 * code is 0, or 1 where a limit was missed, or 3 where it did not come to its end. However it is ended, it ends with what
 * is under way, so that no server is left behind.
 */
export async function bench<Options extends object, Figures extends { at: string }>({
  program,
  prefix = '',
  measure,
  table,
  missed,
}: Benchmark<Options, Figures>): Promise<void> {
  const { out, ...options } = program
    .option('--out <folder>', 'where the figures are written', join(projectFolder, 'bench', 'out'))
    .parse()
    .opts<Options & { out: string }>();
  listenForEndings();
  chooseOwnEnvironment();
  try {
    // What is left of the options without `out` are those of the benchmark.
    const figures = await endInOrder((ending) => measure(options as unknown as Options, ending));
    const file = join(out, `${prefix}${figures.at.slice(0, 19).replaceAll(':', '')}`);
    const text = table(figures);
    await mkdir(out, { recursive: true });
    await writeFile(`${file}.json`, `${JSON.stringify(figures, undefined, 2)}\n`);
    await writeFile(`${file}.md`, text);
    process.stdout.write(`\n${text}\nwritten to ${file}.md and .json\n`);
    process.exitCode = missed(figures).length === 0 ? 0 : 1;
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exitCode = 3;
  }
}

/** A line on the screen, while a benchmark runs. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
