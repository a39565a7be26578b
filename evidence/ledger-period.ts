import { DrillError } from '../domain/drill-error.ts';
import type { LedgerEnd, LedgerHead, LedgerRun } from '../domain/ledger.ts';
import { decodeLine, type LedgerLine } from './ledger-line.ts';
import type { LedgerPaths } from './ledger-paths.ts';
import { linesOf } from './lines.ts';

/** A run as the ledger tells of it; without an end it still goes on, or has died and no run has come after it. */
export interface PeriodRun {
  run: LedgerRun;
  end?: LedgerEnd;
}

/** What a ledger says of a time. */
export interface LedgerPeriod {
  /** Runs that have begun in it, by their numbers, whenever they ended. */
  runs: PeriodRun[];
  /** The last entry before it; absent when the ledger began later. */
  headAtStart?: LedgerHead;
  /** The last entry before its end. */
  headAtEnd?: LedgerHead;
  /** Ids of the keys that the period began with and changed to, with the instant of the change. */
  keys: { keyId: string; since: string }[];
}

/**
 * The runs of a period, `from` included, `to` not, and the heads of the ledger at both. Signatures are not looked at:
 * that is what `verifyLedger` is for. A `DrillError` (`usage`) when there is no ledger, `configuration` when a line
 * cannot be read.
 */
export async function readPeriod(
  { ledger }: Pick<LedgerPaths, 'ledger'>,
  { from, to }: { from: Date; to: Date },
): Promise<LedgerPeriod> {
  const period: LedgerPeriod = { runs: [], keys: [] };
  const byNumber = new Map<number, PeriodRun>();
  for await (const { entry, sha256 } of readLines(ledger)) {
    const at = new Date(entry.at);
    const head = { index: entry.index, runs: entry.runs, sha256 };
    if (at < from) period.headAtStart = head;
    if (at < to) period.headAtEnd = head;
    if (entry.kind === 'begun' && at >= from && at < to) byNumber.set(entry.run.number, { run: entry.run });
    if (entry.kind === 'closed') {
      const known = byNumber.get(entry.run.number);
      if (known) known.end = entry.end;
    }
    if (entry.kind === 'opened' || entry.kind === 'rotated') {
      const key = { keyId: entry.kind === 'opened' ? entry.keyId : entry.nextKeyId, since: entry.at };
      if (at < from) period.keys = [key];
      else if (at < to) period.keys.push(key);
    }
  }
  period.runs = [...byNumber.values()];
  return period;
}

async function* readLines(file: string): AsyncGenerator<LedgerLine> {
  let number = 0;
  for await (const { bytes, isWhole } of linesOf(file)) {
    number += 1;
    const line = decodeLine(bytes);
    if (!('mistake' in line)) {
      yield line;
      continue;
    }
    // A torn last line is nothing yet: the next run mends it.
    if (!isWhole) return;
    throw new DrillError({
      code: 'configuration',
      what: 'the ledger cannot be read',
      expected: 'an entry',
      actual: line.mistake,
      where: `${file}, line ${number}`,
      hint: '`firedrill verify ledger` tells what was changed.',
    });
  }
}
