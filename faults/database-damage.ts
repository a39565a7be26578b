import type { Client } from 'pg';
import { definitionDamages } from './database-damage-definitions.ts';
import { rightsDamages } from './database-damage-rights.ts';
import { rowDamages } from './database-damage-rows.ts';

/** A subtle damage that any database can take. */
export interface DatabaseDamage {
  name: string;
  title: string;
  /** The integrity check that must turn red. */
  expectedCheck: string;
  /** Checks that the same damage turns red as well. */
  alsoRed?: readonly string[];
  /** Checks that it turns red where pg_dump and pg_dumpall are asked beside the connection: of definitions and rights. */
  alsoPrinted?: readonly string[];
  /**
   * Does the damage and says what was damaged: names only, never the content of a row. To be called inside a
   * transaction, which is committed or rolled back by the caller. What is hit is drawn from the catalogue by the seed,
   * the same on the same database. Throws a `DrillError` when the database has nothing of the kind.
   */
  damage: (client: Client, seed: number) => Promise<string>;
}

/** At least one for each integrity check that looks through a connection. */
export const databaseDamages: readonly DatabaseDamage[] = [
  ...rowDamages,
  ...[...definitionDamages, ...rightsDamages].map(withStatements),
];

function withStatements(damage: DatabaseDamage): DatabaseDamage {
  return { ...damage, alsoPrinted: ['integrity.definitions', 'integrity.globals'] };
}
