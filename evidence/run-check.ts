import type { LedgerEntry, LedgerRun } from '../domain/ledger.ts';

/** Follows the runs through a ledger: numbers without gaps, each begun once and closed at most once. */
export class RunCheck {
  readonly #open = new Map<number, LedgerRun>();
  #runs = 0;

  /** What is wrong with an entry whose signature and place are right. */
  add(entry: LedgerEntry): string[] {
    const mistakes = this.#follow(entry);
    const open = [...this.#open.keys()].toSorted((one, other) => one - other);
    if (entry.runs !== this.#runs) mistakes.push(`it counts ${entry.runs} runs, there are ${this.#runs}`);
    if (entry.open.join() !== open.join()) {
      mistakes.push(
        `it says that the runs ${entry.open.join(', ') || 'none'} are open, it is ${open.join(', ') || 'none'}`,
      );
    }
    return mistakes;
  }

  #follow(entry: LedgerEntry): string[] {
    if (entry.kind === 'opened' && entry.index !== 0) return ['the ledger is begun a second time'];
    if (entry.kind !== 'opened' && entry.index === 0) return ['the ledger does not begin with its key'];
    if (entry.kind === 'begun') return this.#begin(entry.run);
    return entry.kind === 'closed' ? this.#close(entry.run) : [];
  }

  #begin(run: LedgerRun): string[] {
    this.#runs += 1;
    this.#open.set(run.number, run);
    return run.number === this.#runs ? [] : [`run ${run.number} begins, run ${this.#runs} would be next`];
  }

  #close(run: LedgerRun): string[] {
    const begun = this.#open.get(run.number);
    this.#open.delete(run.number);
    if (!begun) return [`run ${run.number} is closed, but it is not open`];
    return JSON.stringify(begun) === JSON.stringify(run)
      ? []
      : [`run ${run.number} is closed as another than it has begun`];
  }
}
