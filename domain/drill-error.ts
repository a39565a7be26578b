import type { PhaseName } from './timeline.ts';
import type { ServiceName } from './service.ts';

/** Machine-readable reason of a `DrillError`. `usage` and `configuration` mean that nothing was started. */
export type DrillErrorCode =
  | 'usage'
  | 'configuration'
  | 'engine-missing'
  | 'unsupported'
  | 'service-start'
  | 'service-unreachable'
  | 'tool-failed'
  | 'seed-failed'
  | 'backup-invalid'
  | 'backup-missing'
  | 'decryption-failed'
  | 'restore-failed'
  | 'policy-incomplete'
  | 'masking-failed'
  | 'no-steady-state'
  | 'fault-did-not-bite'
  | 'finding-failed'
  | 'not-sealed'
  | 'nothing-to-damage'
  | 'interrupted'
  | 'internal';

export interface DrillErrorFacts {
  code: DrillErrorCode;
  /** What failed, as the beginning of a sentence: `postgres did not start`. */
  what: string;
  expected?: string;
  actual?: string;
  /** Place of the mistake: a file with line and column, an object key, an address. */
  where?: string;
  /** What the reader can do about it. */
  hint?: string;
  phase?: PhaseName;
  service?: ServiceName;
  cause?: unknown;
}

/**
 * The one error class of the project. Its message is built from its facts: `what: expected …, actual … (where)`, then
 * the hint. Facts never hold a secret: callers name a credential, they do not quote it.
 */
export class DrillError extends Error {
  override readonly name = 'DrillError';
  readonly code: DrillErrorCode;
  readonly facts: DrillErrorFacts;

  constructor(facts: DrillErrorFacts) {
    super(sentence(facts), facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = facts.code;
    this.facts = facts;
  }
}

/** The message of anything thrown, for a place where only text fits. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function sentence({ what, expected, actual, where, hint }: DrillErrorFacts): string {
  const facts = [expected && `expected ${expected}`, actual && `actual ${actual}`].filter(Boolean).join(', ');
  const place = where ? ` (${where})` : '';
  return `${what}${facts && `: ${facts}`}${place}${hint ? `\n${hint}` : ''}`;
}
