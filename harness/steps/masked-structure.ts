import type { MaskedCopyObservation } from '../../checks/masking.ts';
import type { DatabaseContent } from '../../domain/recovery.ts';
import type { RolePasswordObservation } from '../../domain/masking.ts';
import { clearedTables, observeMaskedColumns } from '../../masking/observe.ts';
import { readMovedPartitions } from '../../masking/partition-keys.ts';
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
    const moved = await readMovedPartitions(client, policy);
    return {
      classified: { columns: columns.length, problems: policyProblems(policy, columns) },
      source: { ...content, rows: rowCounts(content, moved) },
      masked: { ...masked, rows: rowCounts(masked, moved) },
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

/** Rows by table; those of partitions that `moved` names are counted at their root. */
export function rowCounts({ tables }: DatabaseContent, moved: ReadonlyMap<string, string>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const [name, { rows }] of Object.entries(tables)) {
    const counted = moved.get(name) ?? name;
    counts[counted] = (counts[counted] ?? 0) + rows;
  }
  return counts;
}
