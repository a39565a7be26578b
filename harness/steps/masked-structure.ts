import type { MaskedCopyObservation } from '../../checks/masking.ts';
import type { DatabaseContent } from '../../domain/recovery.ts';
import type { RolePasswordObservation } from '../../domain/masking.ts';
import { clearedTables, observeMaskedColumns } from '../../masking/observe.ts';
import { policyProblems, readColumns } from '../../masking/policy.ts';
import { compareRolePasswords, readRoleVerifiers } from '../../masking/role-passwords.ts';
import { observeDatabase } from '../../recovery/observe-database.ts';
import { withPostgres } from '../../stack/clients.ts';
import { need, type DrillContext } from '../context.ts';

/** What is asked of a masked copy as it was made, before anybody works on it. */
export type MaskedStructure = Pick<
  MaskedCopyObservation,
  'classified' | 'source' | 'masked' | 'cleared' | 'columns' | 'rolePasswords'
>;

/** Structure, counts and roles of the copy, and what the policy's rules should have made of its columns. */
export async function observeMaskedStructure(context: DrillContext): Promise<MaskedStructure> {
  const policy = context.runbook.masking;
  const { content } = need(context, 'restorePoint').manifest;
  const rolePasswords = await observeRolePasswords(context);
  return withPostgres(need(context, 'staging').postgres.connection, async (client) => {
    await client.query('SET statement_timeout = 0; SET lock_timeout = 0');
    const columns = await readColumns(client);
    const masked = await observeDatabase(client);
    return {
      classified: { columns: columns.length, problems: policyProblems(policy, columns) },
      source: { ...content, rows: rowCounts(content) },
      masked: { ...masked, rows: rowCounts(masked) },
      cleared: await clearedTables(client, policy),
      columns: await observeMaskedColumns(client, policy),
      rolePasswords,
    };
  });
}

/** The roles of the copy against those of production, and against every password of production that this run knows. */
export async function observeRolePasswords(context: DrillContext): Promise<RolePasswordObservation[]> {
  const production = need(context, 'database').connection;
  const copy = need(context, 'staging').postgres.connection;
  const secrets = [production.password, ...Object.values(need(context, 'tokens'))];
  return compareRolePasswords(
    await withPostgres(copy, readRoleVerifiers),
    await withPostgres(production, readRoleVerifiers),
    secrets,
  );
}

function rowCounts({ tables }: DatabaseContent): Record<string, number> {
  return Object.fromEntries(Object.entries(tables).map(([name, { rows }]) => [name, rows]));
}
