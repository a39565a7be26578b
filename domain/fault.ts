import type { Stack } from './service.ts';

/** A disruption of the stack. `lift` undoes what would outlive the drill; it is idempotent and always runs. */
export interface Fault {
  name: string;
  title: string;
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
