import type { Stack } from './service.ts';

/** The services that a fault can strike. The store of the backups is not among them: a backup survives the fault. */
export const struckServices = ['postgres', 'objects', 'search', 'api'] as const;
export type StruckService = (typeof struckServices)[number];

/** What a fault strikes: a store of the stack, or a process of the application. */
export interface Target {
  service: StruckService;
  /** Which instance, for a service that has several; else the store in production, or the newest API process. */
  role?: string;
  /** Which of several API processes of the same role: `app-1`. */
  instance?: string;
}

/**
 * What a fault claims to do to a service; the harness looks for it by itself, by other code than the fault's:
 * - `destroyed`: the process is gone, its data too.
 * - `killed`: the process is gone, its data stay.
 * - `hung`: the same process is halted; it takes connections and never answers.
 * - `damaged`: part of what it held is other or gone; it may have been started again.
 * - `impaired`: it does not serve as it should, which only the fault's own questions show.
 */
export type FaultEffect = 'destroyed' | 'killed' | 'hung' | 'damaged' | 'impaired';

/** One thing that a fault claims. A target without role and instance means every process of that service. */
export interface FaultClaim {
  target: Target;
  effect: FaultEffect;
}

/** A disruption of the stack. `lift` undoes what would outlive the drill; it is idempotent and always runs. */
export interface Fault {
  name: string;
  title: string;
  /** All that it does; a service that is not named is spared. */
  claims: readonly FaultClaim[];
  inject(stack: Stack): Promise<void>;
  /** Whether the fault is there, asked from outside: one line a question. */
  observe(stack: Stack): Promise<FaultObservation[]>;
  lift(stack: Stack): Promise<void>;
}

/** A question about the fault, asked from outside, with its answer. */
export interface FaultObservation {
  question: string;
  expected: string;
  actual: string;
  /** The answer is the one of a fault that bit. */
  bitten: boolean;
}
