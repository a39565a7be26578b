import { cp, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import prettyBytes from 'pretty-bytes';
import { projectFolder } from '../harness/project.ts';
import { takeScreenshot } from '../reports/screenshot.ts';

/**
 * Takes the pictures of `docs/samples/`: `npm run samples -- --ledger FOLDER [--from DAY --to DAY]`. The report on a run is
 * the committed sample; the report on the quarter and the dashboard are made of the ledger and the folders of its runs,
 * e.g. of the simulated quarter that `node tests/quarter/make.ts FOLDER` leaves; its register of findings stays as it is.
 * The top of each page, as wide as a laptop.
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

const work = await mkdtemp(join(tmpdir(), 'firedrill-samples-'));
try {
  const findings = join(work, 'findings.yaml');
  await cp(join(ledger, 'findings.yaml'), findings, { force: true }).catch(() => undefined);
  const period = (['from', 'to'] as const).flatMap((name) => (values[name] ? [`--${name}`, values[name]] : []));
  await firedrill('quarterly', '--ledger', ledger, '--findings', findings, '--out', work, ...period);
  await firedrill('history', '--ledger', ledger, '--out', work);
  await mkdir(samples, { recursive: true });
  for (const [name, page] of [
    ['run-report', join(projectFolder, 'reports', 'sample', 'report.html')],
    ['quarterly-report', join(work, 'quarterly.html')],
    ['history', join(work, 'history.html')],
  ] as const) {
    await picture(page, join(samples, `${name}.png`));
  }
} finally {
  await rm(work, { recursive: true });
}

async function firedrill(...args: string[]): Promise<void> {
  await execa(process.execPath, [join(projectFolder, 'bin', 'firedrill.ts'), ...args]);
}

async function picture(report: string, out: string): Promise<void> {
  await takeScreenshot({ report, out, widthPx: 1280, heightPx: 1500 });
  const { size } = await stat(out);
  process.stdout.write(`${out} ${prettyBytes(size)}\n`);
  if (size <= limitBytes) return;
  process.stderr.write(`it is larger than ${prettyBytes(limitBytes)}\n`);
  process.exitCode = 1;
}
