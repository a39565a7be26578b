import type { ClosedEntry, LedgerHead } from '../domain/ledger.ts';
import { ChainCheck } from './chain-check.ts';
import { knownKeys } from './keys.ts';
import { readHead } from './ledger-head.ts';
import { decodeLine, type LedgerLine } from './ledger-line.ts';
import type { LedgerPaths } from './ledger-paths.ts';
import { linesOf } from './lines.ts';
import type { Verification } from './problem.ts';

export interface LedgerVerification extends Verification {
  head?: LedgerHead;
  /** The entry that closed the run that was asked for. */
  closed?: ClosedEntry;
}

export interface VerifyOptions {
  /** sha256 of an entry that was kept somewhere else: it must be in the ledger. */
  head?: string;
  /** Id of the run whose closing entry is wanted. */
  runId?: string;
  /** Ids of keys that the ledger may begin with; else those in the folder of keys, else whatever it says. */
  trustedKeyIds?: readonly string[];
  /** Is given every line that can be read, in order, wrong ones too: to take from it what is wanted in the same pass. */
  onLine?: (line: LedgerLine) => void;
}

/**
 * Verifies a whole ledger offline: each line is as it was signed, by the key whose turn it was; each names the one
 * before; numbers have no gaps; every run is closed once; it reaches its heads. Read as a stream, a line at a time. A
 * `DrillError` (`usage`) when there is no such file.
 */
export async function verifyLedger(paths: LedgerPaths, options: VerifyOptions = {}): Promise<LedgerVerification> {
  const known = await knownKeys(paths.keys);
  const trusted = options.trustedKeyIds ?? known.map(({ keyId }) => keyId);
  const headBeside = await readHead(paths.head);
  const wantedHeads = [options.head, headBeside?.sha256].filter((head) => head !== undefined);
  const chain = new ChainCheck({ file: paths.ledger, trusted, known, heads: wantedHeads });
  let closed: ClosedEntry | undefined;
  for await (const { bytes, isWhole } of linesOf(paths.ledger)) {
    const line = decodeLine(bytes);
    const entry = chain.add(line, isWhole);
    if (!('mistake' in line)) options.onLine?.(line);
    if (entry?.kind === 'closed' && entry.run.runId === options.runId) closed = entry;
  }
  const result = chain.finish();
  for (const head of result.missedHeads) {
    const given = head === options.head ? 'the head that was given' : 'the head beside the ledger';
    result.problems.push({
      where: `${paths.ledger}, after line ${result.lines}`,
      line: result.lines,
      what: `${given} (${head}) is no entry of it: entries at its end were removed, or it was rewritten`,
    });
  }
  return {
    problems: result.problems,
    checked: [`${result.lines} entries of ${result.runs} runs: signatures, chain, numbers`],
    notChecked: [
      ...(trusted.length === 0
        ? [`whose key it is: its first entry was taken at its word (${result.firstKeyId ?? 'none'})`]
        : []),
      ...(wantedHeads.length === 0
        ? ['whether entries were removed at its end: there is no head to compare with']
        : []),
    ],
    ...(result.head && { head: result.head }),
    ...(closed && { closed }),
  };
}
