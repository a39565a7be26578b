import { cp, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from '../programs/execa.ts';
import prettyBytes from 'pretty-bytes';
import { projectFolder } from '../harness/project.ts';
import { takeScreenshot, type ScreenshotOptions } from '../reports/screenshot.ts';
import { listenForEndings } from '../bin/ending.ts';
import { removeOnExit } from '../files/remove-on-exit.ts';

/**
 * Takes the pictures of `docs/samples/`: `npm run samples -- --ledger FOLDER [--from DAY --to DAY]`. The report on a run is
 * the committed sample; the report on the quarter and the dashboard are made of the ledger and the folders of its runs,
 * e.g. of the simulated quarter that `node tests/quarter/make.ts FOLDER` leaves; its register of findings stays as it is.
 * The top of each page, as wide as a laptop, and the parts with charts.
 */
const { values } = parseArgs({
  options: { ledger: { type: 'string' }, from: { type: 'string' }, to: { type: 'string' } },
});
if (values.ledger === undefined) {
  process.stderr.write('usage: npm run samples -- --ledger FOLDER [--from DAY --to DAY]\n');
  process.exit(3);
}
const ledger = resolve(values.ledger);
const samples = join(projectFolder, 'docs', 'samples');
/** What a page of the project's front may weigh. */
const limitBytes = 300_000;

listenForEndings();
const work = await mkdtemp(join(tmpdir(), 'firedrill-samples-'));
removeOnExit(work);
try {
  const findings = join(work, 'findings.yaml');
  await cp(join(ledger, 'findings.yaml'), findings, { force: true }).catch(() => undefined);
  const period = (['from', 'to'] as const).flatMap((name) => (values[name] ? [`--${name}`, values[name]] : []));
  await firedrill('quarterly', '--ledger', ledger, '--findings', findings, '--out', work, ...period);
  await firedrill('history', '--ledger', ledger, '--out', work);
  await mkdir(samples, { recursive: true });
  const run = join(projectFolder, 'reports', 'sample', 'report.html');
  const history = join(work, 'history.html');
  await picture('run-report', { report: run });
  await picture('run-report-timeline', { report: run, part: `${sectionOf('Timeline')} figure` });
  await picture('quarterly-report', { report: join(work, 'quarterly.html') });
  await picture('history', { report: history });
  await picture('history-trend', { report: history, part: sectionOf('Trend of RTO and RPO against the objectives') });
} finally {
  await rm(work, { recursive: true });
}

async function firedrill(...args: string[]): Promise<void> {
  await execa(process.execPath, [join(projectFolder, 'bin', 'firedrill.ts'), ...args]);
}

/** The section of a page that has this title. */
function sectionOf(title: string): string {
  return `section:has(> h2:text("${title}"))`;
}

async function picture(name: string, page: Pick<ScreenshotOptions, 'report' | 'part'>): Promise<void> {
  const out = join(samples, `${name}.png`);
  await takeScreenshot({ ...page, out, widthPx: 1280, heightPx: 1500 });
  const { size } = await stat(out);
  process.stdout.write(`${out} ${prettyBytes(size)}\n`);
  if (size <= limitBytes) return;
  process.stderr.write(`it is larger than ${prettyBytes(limitBytes)}\n`);
  process.exitCode = 1;
}
