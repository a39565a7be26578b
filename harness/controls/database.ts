import { judgeIntegrity } from '../../checks/integrity.ts';
import { DrillError } from '../../domain/drill-error.ts';
import { databaseDamages, type DatabaseDamage } from '../../faults/database-damage.ts';
import { observeDatabase } from '../../recovery/observe-database.ts';
import { withPostgres } from '../../stack/clients.ts';
import { need } from '../context.ts';
import type { Control } from '../definition.ts';

/** A subtle damage of the restored database, by its name. */
export function databaseDamage(name: string): Control {
  const damage = databaseDamages.find((candidate) => candidate.name === name);
  if (!damage) throw new DrillError({ code: 'internal', what: `there is no database damage named ${name}` });
  return controlOf(damage);
}

function controlOf(damage: DatabaseDamage): Control {
  const { name, title, expectedCheck, alsoRed } = damage;
  return {
    name,
    title,
    expectedCheck,
    expectedVerdict: 'fail',
    ...(alsoRed && { alsoRed }),
    // All in one transaction that is rolled back: the system is as it was, and what the application writes meanwhile
    // is not mistaken for the damage.
    verify: (context) =>
      withPostgres(need(context, 'database').connection, async (client) => {
        await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
        try {
          const expected = await observeDatabase(client);
          const struck = await damage.damage(client);
          context.progress().info(`${name}: ${struck}`);
          return judgeIntegrity(expected, await observeDatabase(client));
        } finally {
          await client.query('ROLLBACK');
        }
      }),
    sabotage: {
      damageDatabase: (context) =>
        withPostgres(need(context, 'database').connection, async (client) => {
          await client.query('BEGIN');
          const struck = await damage.damage(client);
          await client.query('COMMIT');
          return struck;
        }),
    },
  };
}
