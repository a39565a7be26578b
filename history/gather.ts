import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ledgerPaths } from '../evidence/ledger-paths.ts';
import { readPeriod, type PeriodRun } from '../evidence/ledger-period.ts';
import type { MissingRecord } from '../quarterly/inputs.ts';
import { recordName } from '../quarterly/read-parts.ts';
import { outcomeOf } from '../quarterly/runs.ts';
import type { HistoryInputs, Project, ProofFacts } from './inputs.ts';
import { readProof } from './read-proof.ts';

interface Sources {
  project: Project;
  now: Date;
  firedrill: string;
  /** Folder of the ledger. */
  ledger: string;
}

const always = { from: new Date(0), to: new Date(8.64e15) };

/**
 * Reads what the history rests on: the ledger, verified, once; of each drill the record of its newest green run, and of each engine
 * that of its newest run, from the folders that the ledger names. Of every other record only whether it is there: there
 * may be thousands. A `DrillError` (`usage`) when there is no ledger.
 */
export async function gatherHistory({ project, now, firedrill, ledger }: Sources): Promise<HistoryInputs> {
  const { runs, headAtEnd, beganAt, verification } = await readPeriod(ledgerPaths(ledger), always);
  const records = new Records(ledger);
  for (const group of proofGroups(runs)) await records.readNewest(group);
  return {
    ...project,
    now,
    firedrill,
    runs,
    ...(beganAt !== undefined && { beganAt }),
    ...(headAtEnd && { head: headAtEnd }),
    problems: verification.problems.map(({ where, what }) => `${where}: ${what}`),
    proofs: records.proofs,
    missing: records.missingOf(runs),
  };
}

/** Runs of which the newest usable record is wanted, newest first: the green ones of each drill, all of each engine. */
function proofGroups(runs: readonly PeriodRun[]): PeriodRun[][] {
  const newestFirst = runs.filter(({ end }) => end?.figures !== undefined).toReversed();
  const greens = newestFirst.filter((run) => outcomeOf(run) === 'green');
  return [
    ...Map.groupBy(greens, ({ run }) => `${run.runbook.name} ${run.drill}`).values(),
    ...Map.groupBy(newestFirst, ({ run }) => run.engine).values(),
  ];
}

/** The records that were read, each once. */
class Records {
  readonly proofs = new Map<number, ProofFacts>();
  readonly #why = new Map<number, string>();
  readonly #ledger: string;

  constructor(ledger: string) {
    this.#ledger = ledger;
  }

  /** Reads one after the other until one can be used. */
  async readNewest(runs: readonly PeriodRun[]): Promise<void> {
    for (const { run, end } of runs) {
      if (this.proofs.has(run.number)) return;
      if (!end || this.#why.has(run.number)) continue;
      const facts = await readProof(resolve(this.#ledger, run.folder), run, end);
      if (!('why' in facts)) {
        this.proofs.set(run.number, facts);
        return;
      }
      this.#why.set(run.number, facts.why);
    }
  }

  /** The runs that left a record which was found to be unusable, or is not there. */
  missingOf(runs: readonly PeriodRun[]): MissingRecord[] {
    return runs.flatMap(({ run: { number, folder }, end }) => {
      // Without figures the run left no record, and the ledger says why.
      if (!end?.figures || this.proofs.has(number)) return [];
      const isThere = this.#why.has(number) || existsSync(join(resolve(this.#ledger, folder), recordName));
      const why = this.#why.get(number) ?? (isThere ? undefined : `there is no ${recordName} in its folder`);
      return why === undefined ? [] : [{ run: number, folder, why }];
    });
  }
}
