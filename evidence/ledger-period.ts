import type { LedgerEnd, LedgerHead, LedgerRun } from '../domain/ledger.ts';
import type { LedgerLine } from './ledger-line.ts';
import type { LedgerPaths } from './ledger-paths.ts';
import { verifyLedger, type LedgerVerification, type VerifyOptions } from './verify-ledger.ts';

/** A run as the ledger tells of it; without an end it still goes on, or has died and no run has come after it. */
export interface PeriodRun {
  run: LedgerRun;
  end?: LedgerEnd;
}

/** What a ledger says of its runs, and of a time. */
export interface LedgerPeriod {
  /** All runs of the ledger, by their numbers, those before and after the period too. */
  runs: PeriodRun[];
  /** The last entry before the period; absent when the ledger began later. */
  headAtStart?: LedgerHead;
  /** The last entry before its end. */
  headAtEnd?: LedgerHead;
  /** Ids of the keys that the period began with and changed to, with the instant of the change. */
  keys: { keyId: string; since: string }[];
  /** When the ledger began, ISO 8601; absent when nothing of it can be read. */
  beganAt?: string;
  verification: LedgerVerification;
}

/**
 * Reads a ledger once: verifies it, and collects its runs, the heads at both ends of a period (`from` included, `to` not)
 * and its keys. A line that is not as it was signed is told by the verification; its entry counts as far as it can be
 * read, so that what is left of a damaged ledger can be reported. A `DrillError` (`usage`) when there is no ledger.
 */
export async function readPeriod(
  paths: LedgerPaths,
  { from, to }: { from: Date; to: Date },
  options: Pick<VerifyOptions, 'head' | 'trustedKeyIds'> = {},
): Promise<LedgerPeriod> {
  const byNumber = new Map<number, PeriodRun>();
  const period: Omit<LedgerPeriod, 'verification' | 'runs'> = { keys: [] };
  const onLine = ({ entry, sha256 }: LedgerLine): void => {
    const at = new Date(entry.at);
    const head = { index: entry.index, runs: entry.runs, sha256 };
    period.beganAt ??= entry.at;
    if (at < from) period.headAtStart = head;
    if (at < to) period.headAtEnd = head;
    if (entry.kind === 'begun') byNumber.set(entry.run.number, { run: entry.run });
    if (entry.kind === 'closed') {
      const known = byNumber.get(entry.run.number);
      if (known) known.end = entry.end;
    }
    if (entry.kind === 'opened' || entry.kind === 'rotated') {
      const key = { keyId: entry.kind === 'opened' ? entry.keyId : entry.nextKeyId, since: entry.at };
      if (at < from) period.keys = [key];
      else if (at < to) period.keys.push(key);
    }
  };
  const verification = await verifyLedger(paths, { ...options, onLine });
  return { ...period, runs: [...byNumber.values()], verification };
}
