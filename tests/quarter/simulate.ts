import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from '../../programs/execa.ts';
import type { Clock } from '../../domain/clock.ts';
import type { DrillRecord } from '../../domain/record.ts';
import { Ledger, type NewRun } from '../../evidence/ledger.ts';
import { beginEvidence } from '../../evidence/run-evidence.ts';
import { newLedgerRun } from '../../harness/ledger.ts';
import { renderReports } from '../../reports/render.ts';
import { writeRecord } from '../../reports/write.ts';
import { calendar, type SimulatedRun } from './calendar.ts';
import type { RealRun, RealRuns } from './play.ts';
import { copyTimeline, redatedRecord } from './redate.ts';

/** A clock that stands where it is set, and goes on by a second with every look. */
class SetClock implements Clock {
  #nowMs = 0;

  set(at: string): void {
    this.#nowMs = Date.parse(at);
  }

  now(): Date {
    return new Date((this.#nowMs += 1_000));
  }

  monotonicMs(): number {
    return this.#nowMs;
  }
}

/** Where the ledger of a simulated quarter is. */
export const ledgerIn = (folder: string): string => join(folder, 'ledger');

/** The folder of one of its runs. */
export const runIn = (folder: string, number: number): string => join(folder, 'runs', String(number).padStart(3, '0'));

/**
 * Makes the runs of the calendar in `folder` from real ones: the records are copies with other instants; ledger, seals
 * and signatures are made by the same code as always, by a clock that stands at the instant of each run. The key is
 * changed once. `pages`: with the page of each report, which takes a second each.
 */
export async function simulateQuarter(folder: string, real: RealRuns, { pages }: { pages: boolean }): Promise<void> {
  const clock = new SetClock();
  const ledger = ledgerIn(folder);
  for (const [index, run] of calendar.entries()) {
    const number = index + 1;
    clock.set(run.at);
    const directory = runIn(folder, number);
    await mkdir(directory, { recursive: true });
    if (run.of === 'died') {
      await die(ledger, { real: real.interrupted, run, number, directory });
      continue;
    }
    const source = real[run.of];
    const record = redatedRecord(source, run, number);
    const evidence = await beginEvidence(ledger, ledgerRun(record, directory), { clock, say: () => {} });
    await writeRecord(directory, record);
    await copyTimeline(source, run, directory);
    if (pages) await renderReports(directory);
    await evidence.close(record);
    if (number === keyChangedAfter) await new Ledger(ledger, { clock }).rotate();
  }
}

const keyChangedAfter = 24;

const ledgerRun = (record: DrillRecord, directory: string): NewRun => newLedgerRun(record, record.runbook, directory);

/** A run whose process is gone: it leaves its number and a timeline, no record. */
async function die(
  ledger: string,
  { real, run, number, directory }: { real: RealRun; run: SimulatedRun; number: number; directory: string },
): Promise<void> {
  const record = redatedRecord(real, run, number);
  const { drill = { name: record.drill, scenario: record.runbook.scenario } } = run;
  const begun: NewRun = {
    ...ledgerRun(record, directory),
    drill: drill.name,
    scenario: drill.scenario,
    runId: record.runId.replace(record.drill, drill.name),
  };
  const script = fileURLToPath(new URL('die.ts', import.meta.url));
  await execa(process.execPath, [script, ledger], { input: JSON.stringify(begun) });
  await copyTimeline(real, run, directory);
}
