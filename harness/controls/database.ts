import { DrillError } from '../../domain/drill-error.ts';
import { databaseDamages, type DatabaseDamage } from '../../faults/database-damage.ts';
import { observeChanged } from '../../recovery/observe-changed.ts';
import { observeDatabase } from '../../recovery/observe-database.ts';
import { connectPostgres, withPostgres } from '../../stack/clients.ts';
import { need, type DamageTransaction, type DrillContext } from '../context.ts';
import type { Control } from '../definition.ts';
import { holdDatabase } from '../verifications.ts';

/** A subtle damage of the restored database, by its name. */
export function databaseDamage(name: string): Control {
  const damage = databaseDamages.find((candidate) => candidate.name === name);
  if (!damage) throw new DrillError({ code: 'internal', what: `there is no database damage named ${name}` });
  return controlOf(damage);
}

function controlOf(damage: DatabaseDamage): Control {
  const { name, title, expectedCheck, alsoRed = [], alsoPrinted = [] } = damage;
  return {
    name,
    title,
    expectedCheck,
    expectedVerdict: 'fail',
    alsoRed: [...alsoRed, ...alsoPrinted],
    async verify(context) {
      const { client, expected } = await damageTransaction(context);
      await client.query('SAVEPOINT undamaged');
      try {
        context.progress().info(`${name}: ${await damage.damage(client, context.options.seed)}`);
        return (await holdDatabase(expected, () => observeChanged(client, expected))).findings;
      } finally {
        await client.query('ROLLBACK TO SAVEPOINT undamaged');
      }
    },
    sabotage: {
      at: {
        'database-restored': (context) =>
          withPostgres(need(context, 'database').connection, async (client) => {
            await client.query('BEGIN');
            const struck = await damage.damage(client, context.options.seed);
            await client.query('COMMIT');
            return struck;
          }),
      },
    },
  };
}

/**
 * The transaction that all damages of a run are done in, each up to its savepoint, and that is rolled back at the end:
 * the system is as it was, and what the application writes meanwhile is not mistaken for a damage. What was there
 * before is observed once, in the same snapshot, and after a damage what it may have touched.
 */
async function damageTransaction(context: DrillContext): Promise<DamageTransaction> {
  if (context.state.damageTransaction) return context.state.damageTransaction;
  const client = await connectPostgres(need(context, 'database').connection);
  context.disposables.push({ [Symbol.asyncDispose]: () => client.end() });
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
  const transaction = { client, expected: await observeDatabase(client) };
  context.state.damageTransaction = transaction;
  return transaction;
}
