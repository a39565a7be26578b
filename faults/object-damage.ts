import type { Client } from 'pg';
import { candidates } from './database-damage-choice.ts';
import { globalDamages } from './object-damage-globals.ts';
import { kindDamages } from './object-damage-kinds.ts';
import { tableDamages } from './object-damage-tables.ts';

/** What a damage was found to strike: texts, ready to be put into SQL. */
export type Struck = Readonly<Record<string, string>>;

/**
 * A damage to an object of one kind, one for each kind that PostgreSQL can restore. Unlike a `DatabaseDamage` it has to
 * be committed: what is held against before is what pg_dump and pg_dumpall print, by connections of their own.
 */
export interface ObjectDamage {
  name: string;
  check: 'integrity.definitions' | 'integrity.globals';
  /** SQL: what can be struck, one a row; nothing where the database has none of the kind. */
  find: string;
  damage: (struck: Struck) => string;
  /** Title by which the finding must name what was struck. */
  object: (struck: Struck) => string;
  /** Takes it back; only of what belongs to the whole server. */
  undo?: (struck: Struck) => string;
}

export const objectDamages: readonly ObjectDamage[] = [...kindDamages, ...tableDamages, ...globalDamages];

/** What the damage would strike, drawn by the seed; `undefined` where there is nothing of the kind. */
export async function findStruck(client: Client, { find }: ObjectDamage, seed: number): Promise<Struck | undefined> {
  const [first] = await candidates<Struck>(client, find, seed);
  return first;
}
