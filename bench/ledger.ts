import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, timed } from '../domain/clock.ts';
import type { LedgerEnd, LedgerRun } from '../domain/ledger.ts';
import { Ledger } from '../evidence/ledger.ts';
import { verifyLedger } from '../evidence/verify-ledger.ts';
import { fillLedger } from './ledger-fill.ts';
import { listenForEndings } from '../bin/ending.ts';
import { removeOnExit } from '../files/remove-on-exit.ts';

/**
 * How long it takes to append to a ledger as it grows, and to verify it: `node bench/ledger.ts [runs]`, 10,000 unless
 * told otherwise. The runs that are timed are written as in a drill: lock, end of the file, fsync, head. Those between
 * them are put there in bulk, with the same signatures.
 */
const runs = Number(process.argv[2] ?? 10_000);
const timedRuns = 20;
const blocks = 4;
listenForEndings();
const folder = await mkdtemp(join(tmpdir(), 'firedrill-bench-ledger-'));
removeOnExit(folder);
const ledger = new Ledger(folder);

const end: LedgerEnd = {
  state: 'finished',
  verdict: 'pass',
  finishedAt: '2026-03-02T09:01:00.000Z',
  figures: {
    durationMs: 60_000,
    rtoMs: 5_000,
    rtoTargetMs: 7_200_000,
    rpo: ['postgres', 'objects', 'search'].map((store) => ({
      store,
      measuredMs: 900,
      targetMs: 3_600_000,
      verdict: 'pass',
    })),
    controls: { planned: 12, caught: 12 },
    criteriaSha256: 'c'.repeat(64),
  },
  seal: { manifestSha256: 'd'.repeat(64), attestationSha256: 'e'.repeat(64), artefacts: 40 },
};

function runWith(number: number): LedgerRun {
  return {
    number,
    runId: `db-loss-${number}`,
    drill: 'db-loss',
    scenario: 'db-loss',
    runbook: { name: 'bench', version: '3', sha256: 'b'.repeat(64) },
    engine: 'native',
    startedAt: '2026-03-02T09:00:00.000Z',
    folder: `../reports/out/db-loss-${number}`,
  };
}

try {
  const { keyId } = await ledger.init();
  for (let block = 1; block <= blocks; block += 1) {
    const upTo = Math.round((block * runs) / blocks) - timedRuns;
    await fillLedger(ledger, { keyId, upTo, make: (number) => ({ run: runWith(number), end }) });
    const { durationMs } = await timed(systemClock, play);
    const each = (durationMs / timedRuns).toFixed(1);
    process.stdout.write(`at ${(await ledger.head()).runs} runs: ${each} ms a run, begun and closed\n`);
  }
  const { size: sizeBytes } = await stat(ledger.paths.ledger);
  const processorBefore = process.cpuUsage();
  const { value, durationMs } = await timed(systemClock, () => verifyLedger(ledger.paths));
  const { user, system } = process.cpuUsage(processorBefore);
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  process.stdout.write(
    [
      `verified ${value.checked.join()}: ${value.problems.length} problems`,
      `in ${(durationMs / 1000).toFixed(2)} s, ${((user + system) / 1e6).toFixed(2)} s of processor time`,
      `${(sizeBytes / 1e6).toFixed(1)} MB of ledger, ${(peakBytes / 1e6).toFixed(0)} MB of memory at most\n`,
    ].join('\n'),
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function play(): Promise<void> {
  for (let index = 0; index < timedRuns; index += 1) {
    const { number, folder: directory, ...run } = runWith(1);
    const begun = await ledger.begin({ ...run, directory: join(folder, directory) }, () =>
      Promise.reject(new Error(`run ${number}: every run of this bench is closed`)),
    );
    await ledger.close(begun, () => Promise.resolve(end));
  }
}
