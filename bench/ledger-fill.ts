import { appendFile } from 'node:fs/promises';
import type { LedgerEnd, LedgerEntry, LedgerRun } from '../domain/ledger.ts';
import { sha256 } from '../evidence/digest.ts';
import { loadSigner } from '../evidence/keys.ts';
import { writeHead } from '../evidence/ledger-head.ts';
import { encodeLine } from '../evidence/ledger-line.ts';
import type { Ledger } from '../evidence/ledger.ts';

/** A run as it is put into a ledger, with its end. */
export interface FilledRun {
  run: LedgerRun;
  end: LedgerEnd;
}

interface Fill {
  keyId: string;
  /** Number of the last run. */
  upTo: number;
  make: (number: number) => FilledRun;
}

/**
 * Puts runs into a ledger that has begun, all at once: the same lines and signatures as of runs that are begun and
 * closed one by one.
 */
export async function fillLedger(ledger: Ledger, { keyId, upTo, make }: Fill): Promise<void> {
  const { paths } = ledger;
  const signer = await loadSigner(paths.keys, keyId);
  const lines: string[] = [];
  let { index, runs, sha256: previous } = await ledger.head();
  const add = (entry: Pick<LedgerEntry, 'at' | 'open'> & Record<string, unknown>): void => {
    index += 1;
    const position = { schemaVersion: 1, index, previous, keyId, runs };
    const line = encodeLine({ ...position, ...entry } as unknown as LedgerEntry, signer);
    previous = sha256(line);
    lines.push(`${line}\n`);
  };
  while (runs < upTo) {
    runs += 1;
    const { run, end } = make(runs);
    add({ kind: 'begun', at: run.startedAt, open: [runs], run, holder: { host: 'bench', pid: 1 } });
    add({ kind: 'closed', at: end.finishedAt ?? run.startedAt, open: [], run, end });
  }
  await appendFile(paths.ledger, lines.join(''));
  await writeHead(paths.head, { index, runs, sha256: previous });
}
