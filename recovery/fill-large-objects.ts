import type { Client } from 'pg';
import type { LargeObjectRule } from '../domain/masking.ts';

/** Gives the large objects of a copy, which were made empty, the content that the rule says, if it says one. */
export async function fillLargeObjects(client: Client, rule: LargeObjectRule | undefined): Promise<void> {
  if (rule?.kind !== 'replace') return;
  // The condition never holds: what is returned for each of many objects need not travel.
  await client.query(
    `SELECT FROM pg_catalog.pg_largeobject_metadata o
      WHERE pg_catalog.lo_put(o.oid, 0, pg_catalog.convert_to($1, 'UTF8')) IS NULL`,
    [rule.text],
  );
}
