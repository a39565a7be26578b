import { glob, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { execa } from '../programs/execa.ts';
import type { NightlySummary } from '../domain/nightly.ts';
import { parseSummary } from '../schedule/parse-summary.ts';
import { nightResults } from './night-results.ts';
import { listenForEndings } from '../bin/ending.ts';
import { removeOnExit } from '../files/remove-on-exit.ts';

/**
 * One Allure report of a night: `npm run allure -- FOLDER... --out FOLDER [--history FILE] [--nights 90]`. It is made of
 * the test results of every drill below the folders and of the verdicts of the night's summary there, is one file that
 * loads nothing, and adds the night to the history file. Exit codes: 0; 1 when the quality gate is red, which it is by a
 * single test that is not green, or by none at all; 3 for wrong usage.
 */
const { values, positionals: folders } = parseArgs({
  allowPositionals: true,
  options: { out: { type: 'string' }, history: { type: 'string' }, nights: { type: 'string', default: '90' } },
});
const nights = Number(values.nights);
if (values.out === undefined || folders.length === 0 || !Number.isSafeInteger(nights) || nights < 1) {
  process.stderr.write('usage: npm run allure -- FOLDER... --out FOLDER [--history FILE] [--nights 90]\n');
  process.exit(3);
}
const out = resolve(values.out);
const history = resolve(values.history ?? join(out, '..', 'allure-history.jsonl'));
const command = fileURLToPath(new URL('../node_modules/allure/cli.js', import.meta.url));

/** Every test must be green: the drills themselves know what is skipped or not executed by plan. */
const qualityGate = { rules: [{ maxFailures: 0, minTestsCount: 1 }] };
const report = {
  name: 'Disaster recovery drills of a night',
  output: out,
  historyPath: history,
  historyLimit: nights,
  appendHistory: true,
  qualityGate,
  plugins: { awesome: { options: { singleFile: true, reportLanguage: 'en', groupBy: ['feature'] } } },
};

listenForEndings();
const work = await mkdtemp(join(tmpdir(), 'firedrill-allure-'));
removeOnExit(work);
try {
  const results = await resultFolders();
  await allure('generate', report, results);
  await withoutAnalytics(join(out, 'index.html'));
  // Without the history: the gate would add the night to it once more.
  const gate = await allure('quality-gate', { qualityGate }, results);
  process.stdout.write(`${gate.all}\nreport ${join(out, 'index.html')}\nhistory ${history}\n`);
  process.exitCode = gate.exitCode === 0 ? 0 : 1;
} finally {
  await rm(work, { recursive: true });
}

/** Those that the drills have left, and one with the verdicts of the night. */
async function resultFolders(): Promise<string[]> {
  const verdicts = join(work, 'verdicts');
  await mkdir(verdicts);
  const found: string[] = [];
  const summaries: NightlySummary[] = [];
  for (const folder of folders) {
    for await (const file of glob('**/allure-results', { cwd: folder })) found.push(resolve(folder, file));
    for await (const file of glob('{,*/}summary.json', { cwd: folder })) {
      summaries.push(parseSummary(await readFile(join(folder, file), 'utf8'), file));
    }
  }
  for (const result of nightResults(summaries)) {
    await writeFile(join(verdicts, `${result.uuid}-result.json`), JSON.stringify(result));
  }
  return [...found.toSorted(), verdicts];
}

async function allure(verb: string, config: object, results: readonly string[]) {
  const file = join(work, `${verb}.json`);
  await writeFile(file, JSON.stringify(config, undefined, 2));
  const { exitCode, all } = await execa(process.execPath, [command, verb, '--config', file, ...results], {
    cwd: work,
    all: true,
    reject: verb === 'generate',
    env: { NO_COLOR: '1' },
  });
  return { exitCode, all };
}

/** The page of Allure tells Google that it was opened, and there is no option against it: a report tells nobody. */
async function withoutAnalytics(file: string): Promise<void> {
  const html = await readFile(file, 'utf8');
  const quiet = html
    .replace(/<script async src="https:\/\/www\.googletagmanager\.com\/[^"]*"><\/script>/, '')
    .replace(/<script>\s*window\.dataLayer[\s\S]*?<\/script>/, '');
  await writeFile(file, quiet);
}
