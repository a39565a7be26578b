import type { LedgerEnd, LedgerRun } from '../domain/ledger.ts';
import { decodeLine } from './ledger-line.ts';
import { ledgerPaths } from './ledger-paths.ts';
import { linesFromEnd } from './tail.ts';

/**
 * The newest run of a drill that proved the recovery: finished, green, neither sabotaged nor quick. `undefined` where the
 * ledger has none, or is not there. Signatures are not looked at.
 */
export async function lastGreenRun(
  folder: string,
  drill: string,
): Promise<{ run: LedgerRun; end: LedgerEnd } | undefined> {
  for await (const { bytes } of linesFromEnd(ledgerPaths(folder).ledger)) {
    const line = decodeLine(bytes);
    if ('mistake' in line || line.entry.kind !== 'closed') continue;
    const { run, end } = line.entry;
    if (run.drill === drill && isWholeGreen(end)) return { run, end };
  }
  return undefined;
}

function isWholeGreen({ state, verdict, figures }: LedgerEnd): boolean {
  const isWhole = figures !== undefined && figures.sabotage === undefined && figures.quick === undefined;
  return state === 'finished' && verdict === 'pass' && isWhole;
}
