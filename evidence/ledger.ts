import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { systemClock, type Clock } from '../domain/clock.ts';
import { DrillError, messageOf } from '../domain/drill-error.ts';
import type { BegunEntry, LedgerEnd, LedgerHead, LedgerRun } from '../domain/ledger.ts';
import { isGone, thisProcess } from './holder.ts';
import { knownKeys, loadSigner, makeKey, removePrivateKey } from './keys.ts';
import { readHead } from './ledger-head.ts';
import { decodeLine } from './ledger-line.ts';
import { ledgerPaths, type LedgerPaths } from './ledger-paths.ts';
import { LedgerWriter } from './ledger-writer.ts';
import { withLock } from './lock.ts';
import type { Signer } from './signer.ts';
import { linesFromEnd, readTail } from './tail.ts';
import { requireWritable } from './usable-folder.ts';

/** A run that asks for its number. */
export type NewRun = Omit<LedgerRun, 'number' | 'folder'> & { directory: string };

/** Says how a run ended whose process is gone, and seals what it has left. Where it throws, the run stays open. */
export type CloseDead = (entry: BegunEntry, signer: Signer) => Promise<LedgerEnd>;

/**
 * The append-only, hash-chained, signed list of all runs. Every operation takes the lock of the ledger, so that runs of
 * several processes get their numbers one after the other.
 */
export class Ledger {
  readonly folder: string;
  readonly paths: LedgerPaths;
  readonly #clock: Clock;
  readonly #say: (line: string) => void;

  constructor(
    folder: string,
    { clock = systemClock, say = () => {} }: { clock?: Clock; say?: (line: string) => void } = {},
  ) {
    this.folder = resolve(folder);
    this.paths = ledgerPaths(this.folder);
    this.#clock = clock;
    this.#say = say;
  }

  /** Makes the first key and begins the ledger with it. A `DrillError` (`usage`) when there is a key or a ledger already. */
  async init(): Promise<{ keyId: string }> {
    await requireWritable(this.folder, '--ledger');
    return this.#locked(async () => {
      if (existsSync(this.paths.ledger) || (await knownKeys(this.paths.keys)).length > 0)
        throw alreadyThere(this.folder);
      return { keyId: (await this.#create()).signer.keyId };
    });
  }

  /**
   * Gives a run its number. Runs that have died since are closed as aborted first. Without a ledger, one is begun with
   * a new key, and that is told.
   */
  async begin({ directory, ...run }: NewRun, closeDead: CloseDead): Promise<LedgerRun> {
    await requireWritable(this.folder, '--ledger');
    const holder = await thisProcess();
    return this.#locked(async () => {
      const writer = await this.#open();
      await this.#closeDead(writer, closeDead);
      const number = writer.state.last.runs + 1;
      const folder = relative(this.folder, directory).replaceAll('\\', '/');
      const numbered = { number, ...run, folder };
      const open = [...writer.state.last.open, number];
      await writer.append({ kind: 'begun', runs: number, open, run: numbered, holder });
      return numbered;
    });
  }

  /**
   * Closes a run; `endOf` is given the key, to seal the folder with. A `DrillError` (`internal`) when the run is not
   * open: every run is closed once.
   */
  async close(run: LedgerRun, endOf: (signer: Signer) => Promise<LedgerEnd>): Promise<LedgerHead> {
    return this.#locked(async () => {
      const writer = await this.#open();
      if (!writer.state.last.open.includes(run.number)) throw notOpen(run);
      return append(writer, run, await endOf(writer.signer));
    });
  }

  /** The runs that have begun and are not closed, although their process is gone; none where there is no ledger. */
  async dead(): Promise<LedgerRun[]> {
    if (!existsSync(this.paths.ledger)) return [];
    return this.#locked(async () => (await this.#deadEntries(await this.#open())).map(({ run }) => run));
  }

  /** Closes the runs that have died, as `begin` does. */
  async closeDead(closeDead: CloseDead): Promise<void> {
    if (!existsSync(this.paths.ledger)) return;
    await this.#locked(async () => this.#closeDead(await this.#open(), closeDead));
  }

  /** Makes a new key, names it in an entry signed by the old one, and removes the old private key. */
  async rotate(): Promise<{ keyId: string; nextKeyId: string }> {
    return this.#locked(async () => {
      const writer = await this.#open();
      const { keyId } = writer.signer;
      const { signer, pem } = await makeKey(this.paths.keys);
      await writer.append({ kind: 'rotated', nextKeyId: signer.keyId, publicKey: pem });
      await removePrivateKey(this.paths.keys, keyId);
      return { keyId, nextKeyId: signer.keyId };
    });
  }

  /** The end of the ledger, to be kept somewhere else. A `DrillError` (`usage`) when there is no ledger. */
  async head(): Promise<LedgerHead> {
    if (!existsSync(this.paths.ledger)) throw noLedger(this.paths.ledger);
    return this.#locked(async () => (await this.#open()).state.head);
  }

  async #locked<T>(work: () => Promise<T>): Promise<T> {
    await mkdir(this.folder, { recursive: true });
    return withLock(this.paths.lock, work);
  }

  async #open(): Promise<LedgerWriter> {
    if (await this.#hasBegun()) return LedgerWriter.open(this.paths, { clock: this.#clock, say: this.#say });
    const writer = await this.#create();
    this.#say(`ledger: a new one was begun in ${this.folder}, signed with the key ${writer.signer.keyId.slice(0, 16)}`);
    return writer;
  }

  /** Whether there is an entry. One whose first line was torn has never had any: it is begun again. */
  async #hasBegun(): Promise<boolean> {
    if ((await readTail(this.paths.ledger)).last !== undefined) return true;
    if ((await readHead(this.paths.head)) !== undefined) throw removed(this.paths);
    await rm(this.paths.ledger, { force: true });
    return false;
  }

  /** Begins the ledger with the key that is there, or a new one. */
  async #create(): Promise<LedgerWriter> {
    const [known] = (await knownKeys(this.paths.keys)).filter(({ canSign }) => canSign);
    const { signer, pem } = known
      ? { signer: await loadSigner(this.paths.keys, known.keyId), pem: known.pem }
      : await makeKey(this.paths.keys);
    return LedgerWriter.create(this.paths, { clock: this.#clock, signer, pem });
  }

  async #deadEntries(writer: LedgerWriter): Promise<BegunEntry[]> {
    const dead: BegunEntry[] = [];
    for (const entry of await begunEntries(this.paths.ledger, writer.state.last.open)) {
      if (await isGone(entry.holder)) dead.push(entry);
    }
    return dead;
  }

  async #closeDead(writer: LedgerWriter, closeDead: CloseDead): Promise<void> {
    for (const entry of await this.#deadEntries(writer)) {
      const { run } = entry;
      const name = `run ${run.number} (${run.runId})`;
      let end: LedgerEnd;
      try {
        end = await closeDead(entry, writer.signer);
      } catch (error) {
        // Whatever is wrong with the folder of one run must not stop another one.
        this.#say(`ledger: ${name} has died and stays open, its folder cannot be sealed now: ${messageOf(error)}`);
        continue;
      }
      await append(writer, run, end);
      const unsealed = end.seal ? '' : `, not sealed: ${end.reason ?? 'nobody knows why'}`;
      this.#say(`ledger: ${name} had died; it was closed as aborted${unsealed}`);
    }
  }
}

async function append(writer: LedgerWriter, run: LedgerRun, end: LedgerEnd): Promise<LedgerHead> {
  const open = writer.state.last.open.filter((number) => number !== run.number);
  return (await writer.append({ kind: 'closed', open, run, end })).head;
}

/** The entries by which these runs have begun, in their order; the ledger is read from its end until all are found. */
async function begunEntries(file: string, numbers: readonly number[]): Promise<BegunEntry[]> {
  const wanted = new Set(numbers);
  const found: BegunEntry[] = [];
  if (wanted.size === 0) return found;
  for await (const { bytes } of linesFromEnd(file)) {
    const line = decodeLine(bytes);
    if ('mistake' in line || line.entry.kind !== 'begun' || !wanted.delete(line.entry.run.number)) continue;
    found.unshift(line.entry);
    if (wanted.size === 0) break;
  }
  return found;
}

function alreadyThere(folder: string): DrillError {
  return new DrillError({
    code: 'usage',
    what: 'there are keys or a ledger already',
    expected: 'an empty folder',
    where: folder,
    hint: '`firedrill keys rotate` makes another key and goes on with the ledger.',
  });
}

function removed({ ledger, head }: LedgerPaths): DrillError {
  return new DrillError({
    code: 'configuration',
    what: 'the ledger is gone, its head is there',
    expected: ledger,
    actual: 'no entry',
    where: head,
    hint: 'Put the ledger back. To begin another one, take another folder.',
  });
}

function notOpen({ number, runId }: LedgerRun): DrillError {
  return new DrillError({
    code: 'internal',
    what: `run ${number} cannot be closed`,
    expected: 'a run that has begun and is not closed',
    actual: 'it is not open in the ledger',
    where: runId,
  });
}

/** There is no ledger where one was looked for. */
export function noLedger(where: string): DrillError {
  return new DrillError({ code: 'usage', what: 'there is no ledger', expected: 'a file ledger.jsonl', where });
}
