import type { KeyObject } from 'node:crypto';
import type { LedgerEntry, LedgerHead } from '../domain/ledger.ts';
import type { KnownKey } from './keys.ts';
import { beforeTheFirst, type LedgerLine } from './ledger-line.ts';
import type { Problem } from './problem.ts';
import { RunCheck } from './run-check.ts';
import { isSignedBy, keyIdOf, readPublicKey } from './signer.ts';

interface ChainFacts {
  file: string;
  /** Keys that the first entry may be signed with; any, when none is given. */
  trusted: readonly string[];
  /** Keys by which lines can be verified although the line that names the key was changed. */
  known: readonly KnownKey[];
  /** sha256 of lines that must be there. */
  heads: readonly string[];
}

export interface ChainResult {
  problems: Problem[];
  lines: number;
  runs: number;
  firstKeyId?: string;
  head?: LedgerHead;
  missedHeads: string[];
}

/** Problems after these are not told one by one: the first ones say where to look. */
const mostProblems = 50;

/** Checks the lines of a ledger one after the other. A line that is wrong does not make the ones after it wrong. */
export class ChainCheck {
  readonly #facts: ChainFacts;
  readonly #keys: Map<string, KeyObject>;
  readonly #missedHeads: Set<string>;
  readonly #runs = new RunCheck();
  readonly #problems: Problem[] = [];
  #lines = 0;
  /** The index that comes next, by the entries that were right so far. */
  #nextIndex = 0;
  /** The key whose turn it is; none until the first entry, or one after a change, has named it. */
  #keyId: string | undefined;
  #firstKeyId: string | undefined;
  /** sha256 of the line before; `undefined` when that line was wrong, so that nothing can be held against it. */
  #previous: string | undefined = beforeTheFirst;
  #head: LedgerHead | undefined;

  constructor(facts: ChainFacts) {
    this.#facts = facts;
    this.#keys = new Map(facts.known.map(({ keyId, publicKey }) => [keyId, publicKey]));
    this.#missedHeads = new Set(facts.heads);
  }

  /** Checks the next line; gives its entry when it was signed by its key. */
  add(line: LedgerLine | { mistake: string }, isWhole: boolean): LedgerEntry | undefined {
    this.#lines += 1;
    if (!isWhole) this.#tell('it has no line end: it was not written to its end, or cut off');
    const mistake = 'mistake' in line ? line.mistake : this.#signatureMistake(line);
    if ('mistake' in line || mistake !== undefined) {
      this.#tell(`it is not as it was written: ${mistake}`);
      this.#previous = undefined;
      this.#nextIndex += 1;
      return undefined;
    }
    this.#checkPlace(line);
    const { entry, sha256 } = line;
    if (entry.kind === 'rotated') this.#keys.set(entry.nextKeyId, readPublicKey(entry.publicKey, 'publicKey'));
    if (this.#problems.length === 0) for (const what of this.#runs.add(entry)) this.#tell(what);
    if (entry.kind === 'rotated') this.#keyId = entry.nextKeyId;
    this.#previous = sha256;
    this.#missedHeads.delete(sha256);
    this.#head = { index: entry.index, runs: entry.runs, sha256 };
    return entry;
  }

  /** What was found over all lines. */
  finish(): ChainResult {
    const dropped = this.#problems.length - mostProblems;
    const problems = this.#problems.slice(0, mostProblems);
    if (this.#lines === 0) problems.push({ where: this.#facts.file, what: 'it is empty', line: 0 });
    if (dropped > 0) problems.push({ where: this.#facts.file, what: `${dropped} more problems` });
    return {
      problems,
      lines: this.#lines,
      runs: this.#head?.runs ?? 0,
      missedHeads: [...this.#missedHeads],
      ...(this.#firstKeyId !== undefined && { firstKeyId: this.#firstKeyId }),
      ...(this.#head && { head: this.#head }),
    };
  }

  /** Place in the order: told by the index, since a signed line carries its own. */
  #checkPlace({ entry }: LedgerLine): void {
    const isAfterWrong = this.#previous === undefined;
    // The wrong line before it was counted as the one that belongs there; it may also have been put in.
    if (isAfterWrong && entry.index === this.#nextIndex - 1) this.#nextIndex = entry.index;
    if (entry.index > this.#nextIndex) {
      const last = entry.index - 1;
      const missing = last === this.#nextIndex ? `entry ${last} is` : `entries ${this.#nextIndex} to ${last} are`;
      this.#tell(`${missing} missing before it: removed, or at another place`);
    } else if (entry.index < this.#nextIndex) {
      this.#tell(`entry ${entry.index} does not belong here: inserted, or swapped with another`);
    } else if (!isAfterWrong && entry.previous !== this.#previous) {
      this.#tell('it does not name the sha256 of the line before it: one of the two was replaced');
    }
    this.#nextIndex = Math.max(this.#nextIndex, entry.index + 1);
  }

  /** Why the line is not one that the key whose turn it was has signed. */
  #signatureMistake({ entry, signed, signature }: LedgerLine): string | undefined {
    const keyMistake = this.#keyMistake(entry);
    if (keyMistake !== undefined) return keyMistake;
    const key = this.#keys.get(entry.keyId);
    if (!key) return `it names the key ${entry.keyId.slice(0, 16)}, which nothing vouches for`;
    if (!isSignedBy(key, signed, signature)) return 'its signature is wrong';
    this.#keyId ??= entry.keyId;
    // An entry out of its place may be of the turn of an earlier key; its place is told then.
    if (entry.index === this.#nextIndex && entry.keyId !== this.#keyId && this.#previous !== undefined) {
      return `it is signed by the key ${entry.keyId.slice(0, 16)}, whose turn it is not`;
    }
    return undefined;
  }

  /** Looks at the key that an entry names. That of the first is taken up, if it is trusted: it verifies the entry itself. */
  #keyMistake(entry: LedgerEntry): string | undefined {
    if (entry.kind !== 'opened' && entry.kind !== 'rotated') return undefined;
    const keyId = entry.kind === 'opened' ? entry.keyId : entry.nextKeyId;
    const key = keyOf(entry.publicKey);
    if (!key || keyIdOf(key) !== keyId) return 'the id of its key is not that of the key';
    if (entry.kind === 'rotated') return undefined;
    const { trusted } = this.#facts;
    if (trusted.length > 0 && !trusted.includes(keyId))
      return `its key ${keyId.slice(0, 16)} is not one that is trusted`;
    this.#firstKeyId ??= keyId;
    this.#keys.set(keyId, key);
    return undefined;
  }

  #tell(what: string): void {
    this.#problems.push({ where: `${this.#facts.file}, line ${this.#lines}`, what, line: this.#lines });
  }
}

function keyOf(pem: string): KeyObject | undefined {
  try {
    return readPublicKey(pem, 'publicKey');
  } catch {
    return undefined;
  }
}
