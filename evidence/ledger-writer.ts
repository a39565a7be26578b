import { open, truncate } from 'node:fs/promises';
import type { Clock } from '../domain/clock.ts';
import { DrillError } from '../domain/drill-error.ts';
import type { LedgerEntry, LedgerHead, LedgerPosition } from '../domain/ledger.ts';
import { loadSigner } from './keys.ts';
import { readHead, writeHead } from './ledger-head.ts';
import { decodeLine, encodeLine, type LedgerLine } from './ledger-line.ts';
import type { LedgerPaths } from './ledger-paths.ts';
import { sha256 } from './digest.ts';
import { isSignedBy, type Signer } from './signer.ts';
import { createPublicKey } from 'node:crypto';
import { readTail } from './tail.ts';

/** What an entry says beside its position. `open` and `runs` are what they are after it. */
export type NewEntry = {
  [Kind in LedgerEntry['kind']]: Omit<Extract<LedgerEntry, { kind: Kind }>, keyof LedgerPosition>;
}[LedgerEntry['kind']] &
  Partial<Pick<LedgerPosition, 'runs' | 'open'>>;

/** Where a ledger stands. */
export interface LedgerState {
  head: LedgerHead;
  last: LedgerEntry;
}

/**
 * Appends to a ledger whose lock the caller holds. Only the end of the file is read, so that an entry costs the same
 * however long the ledger is.
 */
export class LedgerWriter {
  readonly #paths: LedgerPaths;
  readonly #clock: Clock;
  #state: LedgerState;
  #signer: Signer;

  private constructor(paths: LedgerPaths, clock: Clock, state: LedgerState, signer: Signer) {
    this.#paths = paths;
    this.#clock = clock;
    this.#state = state;
    this.#signer = signer;
  }

  /**
   * Reads where the ledger stands. A line that was not written to its end is mended and told: completed when only its
   * line end is missing, cut off otherwise, of which an entry is made. A `DrillError` (`configuration`) when the ledger
   * does not end as its head says: going on would cover up what was removed.
   */
  static async open(
    paths: LedgerPaths,
    { clock, say }: { clock: Clock; say: (line: string) => void },
  ): Promise<LedgerWriter> {
    const tail = await readTail(paths.ledger);
    const torn = tail.torn.length === 0 ? undefined : decodeLine(tail.torn);
    const last = tail.last === undefined ? undefined : decodeLine(Buffer.from(tail.last));
    if (last === undefined || 'mistake' in last) throw notReadable(paths, last?.mistake ?? 'it has no whole line');
    const signer = await loadSigner(paths.keys, nextKeyId(last.entry));
    const isComplete = torn !== undefined && !('mistake' in torn) && follows(torn, last, signer);
    const line = isComplete ? torn : last;
    const state = { head: headOf(line), last: line.entry };
    await refuseShortened(paths, state.head);
    const writer = new LedgerWriter(paths, clock, state, signer);
    if (isComplete) {
      await appendBytes(paths.ledger, '\n');
      await writeHead(paths.head, state.head);
      say(`ledger: the end of the last line was missing and was put back (entry ${state.head.index})`);
      writer.#signer = await loadSigner(paths.keys, nextKeyId(line.entry));
    } else if (torn !== undefined) {
      await truncate(paths.ledger, tail.wholeBytes);
      await writer.append({ kind: 'repaired', dropped: tail.torn.toString('base64') });
      say(
        `ledger: a torn last line of ${tail.torn.length} bytes was cut off; entry ${writer.state.head.index} keeps it`,
      );
    }
    return writer;
  }

  /** Begins a ledger with its first entry. */
  static async create(
    paths: LedgerPaths,
    { clock, signer, pem }: { clock: Clock; signer: Signer; pem: string },
  ): Promise<LedgerWriter> {
    const entry: LedgerEntry = {
      schemaVersion: 1,
      index: 0,
      kind: 'opened',
      at: clock.now().toISOString(),
      previous: '0'.repeat(64),
      runs: 0,
      open: [],
      keyId: signer.keyId,
      publicKey: pem,
    };
    const state = await write(paths, entry, signer);
    return new LedgerWriter(paths, clock, state, signer);
  }

  get state(): LedgerState {
    return this.#state;
  }

  get signer(): Signer {
    return this.#signer;
  }

  /** Appends an entry, which is on the disk when this returns. */
  async append(given: NewEntry): Promise<LedgerState> {
    const { head, last } = this.#state;
    const entry: LedgerEntry = {
      schemaVersion: 1,
      index: head.index + 1,
      at: this.#clock.now().toISOString(),
      previous: head.sha256,
      runs: last.runs,
      open: last.open,
      keyId: this.#signer.keyId,
      ...given,
    };
    this.#state = await write(this.#paths, entry, this.#signer);
    if (entry.kind === 'rotated') this.#signer = await loadSigner(this.#paths.keys, entry.nextKeyId);
    return this.#state;
  }
}

/** The key that signs the entry after this one. */
function nextKeyId(entry: LedgerEntry): string {
  return entry.kind === 'rotated' ? entry.nextKeyId : entry.keyId;
}

function headOf({ entry, sha256 }: LedgerLine): LedgerHead {
  return { index: entry.index, runs: entry.runs, sha256 };
}

/** Whether a line is the whole next entry of the ledger, by the signature of its key. */
function follows(line: LedgerLine, last: LedgerLine, signer: Signer): boolean {
  return (
    line.entry.previous === last.sha256 &&
    line.entry.index === last.entry.index + 1 &&
    isSignedBy(createPublicKey(signer.privateKey), line.signed, line.signature)
  );
}

async function write(paths: LedgerPaths, entry: LedgerEntry, signer: Signer): Promise<LedgerState> {
  const line = encodeLine(entry, signer);
  await appendBytes(paths.ledger, `${line}\n`);
  const head = { index: entry.index, runs: entry.runs, sha256: sha256(line) };
  await writeHead(paths.head, head);
  return { head, last: entry };
}

async function appendBytes(file: string, text: string): Promise<void> {
  const handle = await open(file, 'a', 0o644);
  try {
    await handle.appendFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The head is written after the entry, so it may lag behind the ledger, but the ledger never behind it. */
async function refuseShortened({ head: file, ledger }: LedgerPaths, actual: LedgerHead): Promise<void> {
  const head = await readHead(file);
  if (head === undefined || head.index < actual.index) return;
  if (head.index === actual.index && head.sha256 === actual.sha256) return;
  throw new DrillError({
    code: 'configuration',
    what: 'the ledger does not end as its head says',
    expected: `entry ${head.index} with sha256 ${head.sha256}`,
    actual: `entry ${actual.index} with sha256 ${actual.sha256}`,
    where: ledger,
    hint: 'Entries were removed or rewritten. `firedrill verify ledger` tells where; nothing is appended until it is put right.',
  });
}

function notReadable({ ledger }: LedgerPaths, actual: string): DrillError {
  return new DrillError({
    code: 'configuration',
    what: 'the end of the ledger cannot be read',
    expected: 'an entry',
    actual,
    where: ledger,
    hint: '`firedrill verify ledger` tells where it was changed; nothing is appended until it is put right.',
  });
}
