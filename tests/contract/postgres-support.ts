import { expect } from 'vitest';
import type { PostgresServer } from '../../domain/service.ts';
import { withPostgres } from '../../stack/clients.ts';

/** The first value of the first row. */
export async function one(server: PostgresServer, query: string): Promise<unknown> {
  return withPostgres(server.connection, async (client) => {
    const { rows } = await client.query<unknown[]>({ text: query, rowMode: 'array' });
    return rows[0]?.[0];
  });
}

/** How many other sessions run a query that holds the text. */
export async function sessions(server: PostgresServer, part: string): Promise<number> {
  const query = `SELECT count(*)::int FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid() AND query LIKE '%${part}%'`;
  return Number(await one(server, query));
}

/** Polls until it holds; fails after ten seconds. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  await expect.poll(holds, { timeout: 10_000, interval: 20 }).toBe(true);
}
