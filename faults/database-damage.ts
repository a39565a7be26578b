import type { Client } from 'pg';
import { definitionDamages } from './database-damage-definitions.ts';
import { rowDamages } from './database-damage-rows.ts';

/** A subtle damage that any database can take. */
export interface DatabaseDamage {
  name: string;
  title: string;
  /** The integrity check that must turn red. */
  expectedCheck: string;
  /** Checks that the same damage turns red as well. */
  alsoRed?: readonly string[];
  /**
   * Does the damage and says what was damaged: names only, never the content of a row. To be called inside a
   * transaction, which is committed or rolled back by the caller. What is hit is chosen from the catalogue, the same
   * on the same database. Throws a `DrillError` when the database has nothing of the kind.
   */
  damage: (client: Client) => Promise<string>;
}

/** At least one for each integrity check. */
export const databaseDamages: readonly DatabaseDamage[] = [...rowDamages, ...definitionDamages];
