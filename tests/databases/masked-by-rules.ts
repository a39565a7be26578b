import type { MaskingPolicy } from '../../domain/masking.ts';
import type { PostgresServer } from '../../domain/service.ts';
import type { Canary } from '../../domain/system.ts';

/** How a database that nobody wrote for this is masked, and what is looked for in its copy. */
export interface MaskedByRules {
  /** Puts the canaries where the script of the database does not have them. */
  plant?(source: PostgresServer): Promise<unknown>;
  readonly canaries: readonly Canary[];
  policyOf(source: PostgresServer): Promise<MaskingPolicy>;
  /** What the checks of every masked copy do not look at. */
  look?(copy: PostgresServer): Promise<void>;
}
