import type { Clock } from '../domain/clock.ts';
import { recoveryPhases, type PhaseName, type RecoveryPhase } from '../domain/timeline.ts';

/**
 * Splits the time of a recovery into its phases. A phase lasts until the next one begins, so that the phases add up to
 * the whole and no time falls between them.
 */
export class PhaseClock {
  readonly #clock: Clock;
  readonly #spentMs = new Map<RecoveryPhase, number>();
  #current: { phase: PhaseName; sinceMs: number } | undefined;
  #finalMs: number | undefined;
  #startedMs: number | undefined;
  #endedMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** From now on, or from the instant given, time belongs to `phase`. After `freeze` nothing is counted any more. */
  enter(phase: PhaseName, atMs = this.#clock.monotonicMs()): void {
    this.#close(atMs);
    if (isRecoveryPhase(phase)) this.#startedMs ??= atMs;
    this.#current = { phase, sinceMs: atMs };
  }

  /** The recovery has ended now: phases and total stay as they are. */
  freeze(): void {
    if (this.#finalMs !== undefined) return;
    this.#endedMs = this.#clock.monotonicMs();
    this.#close(this.#endedMs);
    // Not their sum: that the phases add up to it is what is judged.
    this.#finalMs = this.#endedMs - (this.#startedMs ?? this.#endedMs);
  }

  /** Milliseconds by phase; only of phases that were entered. */
  phases(): Partial<Record<RecoveryPhase, number>> {
    return Object.fromEntries(this.#spentMs);
  }

  /** Milliseconds from the first phase of the recovery to its end; `undefined` while it goes on. */
  totalMs(): number | undefined {
    return this.#finalMs;
  }

  /** Monotonic instant at which the recovery ended. */
  endedMs(): number {
    return this.#endedMs;
  }

  #close(atMs: number): void {
    if (this.#current === undefined || this.#finalMs !== undefined) return;
    const { phase, sinceMs } = this.#current;
    if (isRecoveryPhase(phase)) this.#spentMs.set(phase, (this.#spentMs.get(phase) ?? 0) + atMs - sinceMs);
    this.#current = undefined;
  }
}

function isRecoveryPhase(phase: PhaseName): phase is RecoveryPhase {
  return (recoveryPhases as readonly string[]).includes(phase);
}
