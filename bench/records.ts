import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from '../programs/execa.ts';
import { systemClock, timed } from '../domain/clock.ts';
import { sealFiles } from '../domain/evidence.ts';
import type { DrillRecord } from '../domain/record.ts';
import { sha256 } from '../evidence/digest.ts';
import { Ledger } from '../evidence/ledger.ts';
import { writeManifest, type Artefact } from '../evidence/manifest.ts';
import { figuresOf } from '../evidence/run-evidence.ts';
import { projectFolder } from '../harness/project.ts';
import { fillLedger, type FilledRun } from './ledger-fill.ts';
import { peakOf } from './peak-of.ts';
import { listenForEndings } from '../bin/ending.ts';
import { removeOnExit } from '../files/remove-on-exit.ts';

/**
 * What the commands that read every run of a quarter take: `node bench/records.ts [runs] [command ...]`, 10,000 runs and
 * all of them unless told otherwise. Each run has a folder with a record of the size of a real one, the committed
 * sample, and a manifest that seals it; every hundredth is red.
 */
const [given = '10000', ...commands] = process.argv.slice(2);
const runs = Number(given);
const redEvery = 100;
const quarterStart = Date.parse('2026-01-01T00:00:00.000Z');
const quarterMs = 90 * 86_400_000;
listenForEndings();
const folder = await mkdtemp(join(tmpdir(), 'firedrill-bench-records-'));
removeOnExit(folder);
const ledger = new Ledger(join(folder, 'ledger'));

const sample = JSON.parse(
  await readFile(join(projectFolder, 'reports', 'sample', 'drill.json'), 'utf8'),
) as DrillRecord;

const options: Record<string, string[]> = {
  quarterly: ['--from', '2026-01-01', '--to', '2026-03-31', '--out', join(folder, 'quarter')],
  history: ['--out', join(folder, 'history.html')],
};

try {
  const { keyId } = await ledger.init();
  const made: FilledRun[] = [];
  for (let number = 1; number <= runs; number += 1) made.push(await makeRun(number));
  await fillLedger(ledger, { keyId, upTo: runs, make: (number) => made[number - 1]! });
  for (const command of commands.length > 0 ? commands : Object.keys(options)) await measure(command);
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** Makes the folder of a run; its instants are spread over the quarter, a record is some 90 KB. */
async function makeRun(number: number): Promise<FilledRun> {
  const startedAt = new Date(quarterStart + Math.floor(((number - 1) / runs) * quarterMs)).toISOString();
  const { sabotage: _, ...green } = { ...sample, runId: `db-loss-${number}`, sequence: number, startedAt };
  const record: DrillRecord = number % redEvery === 0 ? redden(green) : green;
  const directory = join(folder, 'runs', record.runId);
  await mkdir(directory, { recursive: true });
  const text = `${JSON.stringify(record, undefined, 2)}\n`;
  const artefacts: Artefact[] = [{ path: 'drill.json', sizeBytes: Buffer.byteLength(text), sha256: sha256(text) }];
  const manifest = writeManifest({ number, runId: record.runId }, artefacts);
  await writeFile(join(directory, 'drill.json'), text);
  await writeFile(join(directory, sealFiles.manifest), manifest);
  const { runId, drill, runbook, engine } = record;
  const { name, version, sha256: runbookSha256 } = runbook;
  return {
    run: {
      number,
      runId,
      drill,
      scenario: runbook.scenario,
      engine,
      startedAt,
      runbook: { name, version, sha256: runbookSha256 },
      folder: `../runs/${runId}`,
    },
    end: {
      state: 'finished',
      verdict: record.verdict,
      finishedAt: startedAt,
      figures: figuresOf(record),
      seal: { manifestSha256: sha256(manifest), attestationSha256: 'e'.repeat(64), artefacts: artefacts.length },
    },
  };
}

function redden(record: DrillRecord): DrillRecord {
  const [first, ...rest] = record.findings;
  if (!first) throw new Error('the sample has no findings');
  return { ...record, verdict: 'fail', findings: [{ ...first, verdict: 'fail', actual: 'one is missing' }, ...rest] };
}

async function measure(command: string): Promise<void> {
  const file = join(projectFolder, 'bin', 'firedrill.ts');
  // The flags are those of its first line, as a user runs it.
  const [, flags = ''] = /^#!.*? node (.*)$/m.exec(await readFile(file, 'utf8')) ?? [];
  const args = [...flags.split(' '), file, command, ...(options[command] ?? []), '--ledger', ledger.folder];
  const { value, durationMs } = await timed(systemClock, async () => {
    const child = execa(process.execPath, args, { reject: false, all: true });
    using watch = peakOf(child.pid ?? 0);
    const { exitCode, all } = await child;
    return { exitCode, all, ...watch.peak() };
  });
  const [own, started] = [value.ownBytes, value.startedBytes].map((bytes) => `${(bytes / 1e6).toFixed(0)} MB`);
  process.stdout.write(
    `${command} of ${runs} runs: ${(durationMs / 1000).toFixed(1)} s, ${(value.processorMs / 1000).toFixed(1)} s of processor time, exit ${value.exitCode}; memory at most ${own}, of what it starts (a browser) ${started}\n`,
  );
  if (value.exitCode !== 0) process.stdout.write(`${value.all.slice(-3_000)}\n`);
}
