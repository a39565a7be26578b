import type { PostgresServer } from '../domain/service.ts';
import type { WaysOut, WaysOutRecord } from '../domain/ways-out.ts';
import { observeWaysOut } from '../recovery/observe-ways-out.ts';
import { withPostgres } from '../stack/clients.ts';
import type { DrillContext } from './context.ts';

/** Looks how a restored server reaches others, and notes it in the record. */
export async function recordWaysOut(
  context: DrillContext,
  server: WaysOutRecord['server'],
  { connection }: PostgresServer,
  notRefreshed: readonly string[],
): Promise<WaysOut> {
  const ways = await withPostgres(connection, observeWaysOut);
  const others = (context.record.waysOut ?? []).filter((known) => known.server !== server);
  context.record.waysOut = [...others, { server, ways, notRefreshed: [...notRefreshed] }];
  for (const name of notRefreshed) {
    context.progress().info(`${name} is left empty: what it reads is on another server`);
  }
  return { ways, notRefreshed: [...notRefreshed] };
}
