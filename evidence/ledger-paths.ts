import { join } from 'node:path';

/** Files of a ledger in its folder. */
export interface LedgerPaths {
  ledger: string;
  /** The last head, written after every entry. */
  head: string;
  lock: string;
  keys: string;
}

/** Where the files of a ledger are. */
export function ledgerPaths(folder: string): LedgerPaths {
  return {
    ledger: join(folder, 'ledger.jsonl'),
    head: join(folder, 'ledger.head.json'),
    lock: join(folder, 'ledger.lock'),
    keys: join(folder, 'keys'),
  };
}
