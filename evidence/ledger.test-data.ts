import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from '../programs/execa.ts';
import type { Clock } from '../domain/clock.ts';
import type { NewRun } from './ledger.ts';
import { beginEvidence, type RunEvidence } from './run-evidence.ts';
import { sampleRecord, type SampleName } from '../reports/sample-records.test-data.ts';

/** A clock that goes on by a second with every look. */
export function steppingClock(start = '2026-03-02T09:00:00.000Z'): Clock {
  let nowMs = Date.parse(start);
  return { now: () => new Date((nowMs += 1_000)), monotonicMs: () => (nowMs += 1_000) };
}

/** A folder for a ledger and the folders of its runs, removed when the test is done with it. */
export async function temporaryFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'firedrill-evidence-test-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** A run that asks for its number, with its folder under `folder`. */
export function newRun(folder: string, runId: string): NewRun {
  return {
    runId,
    drill: 'db-loss',
    scenario: 'db-loss',
    runbook: { name: 'parcels', version: '3', sha256: 'b'.repeat(64) },
    engine: 'native',
    startedAt: '2026-03-02T09:00:00.000Z',
    directory: join(folder, 'runs', runId),
  };
}

/** Begins a run and fills its folder as a drill would. */
export async function beginRun(
  folder: string,
  runId: string,
  say: (line: string) => void = () => {},
): Promise<RunEvidence> {
  const run = newRun(folder, runId);
  const evidence = await beginEvidence(join(folder, 'ledger'), run, { clock: steppingClock(), say });
  await mkdir(join(run.directory, 'allure-results'), { recursive: true });
  await writeFile(join(run.directory, 'drill.json'), `${JSON.stringify(sampleRecord('passing'))}\n`);
  await writeFile(join(run.directory, 'report.html'), `<p>run ${evidence.number}</p>\n`);
  await writeFile(join(run.directory, 'allure-results', '1-result.json'), '{}\n');
  return evidence;
}

/** A whole run, closed with a record of the samples. */
export async function playRun(folder: string, runId: string, sample: SampleName = 'passing'): Promise<RunEvidence> {
  const evidence = await beginRun(folder, runId);
  await evidence.close(sampleRecord(sample));
  return evidence;
}

/** A run begun by a process that ends without closing it. */
export async function leaveDeadRun(folder: string, runId: string): Promise<void> {
  const { directory, ...run } = newRun(folder, runId);
  const script = `
    import { mkdirSync, writeFileSync } from 'node:fs';
    import { Ledger } from ${JSON.stringify(new URL('ledger.ts', import.meta.url).href)};
    const run = ${JSON.stringify({ ...run, directory })};
    await new Ledger(${JSON.stringify(join(folder, 'ledger'))}).begin(run, async () => { throw new Error('nobody is dead'); });
    mkdirSync(run.directory, { recursive: true });
    writeFileSync(run.directory + '/timeline.jsonl', '{}\\n');
    process.kill(process.pid, 'SIGKILL');`;
  await execa(process.execPath, ['--input-type=module', '--eval', script], { reject: false });
}
