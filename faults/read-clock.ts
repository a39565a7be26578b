import { request } from 'undici';
import { systemClock } from '../domain/clock.ts';
import { withPostgres } from '../stack/clients.ts';
import { askLimitMs } from './ask.ts';
import type { Access } from './target.ts';

/**
 * How far the clock of a service is before ours, in milliseconds: by `clock_timestamp()` of PostgreSQL, and by the header
 * `Date` of any answer over HTTP, which counts whole seconds. `undefined` where there is no answer.
 */
export async function clockOffsetMs(reached: Access): Promise<number | undefined> {
  const theirs = await (reached.service === 'postgres' ? askDatabase(reached.access) : askServer(urlOf(reached))).catch(
    () => undefined,
  );
  return theirs === undefined || Number.isNaN(theirs) ? undefined : theirs - systemClock.now().getTime();
}

async function askDatabase(access: Extract<Access, { service: 'postgres' }>['access']): Promise<number | undefined> {
  return withPostgres(
    access,
    async (client) => {
      const query = 'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms';
      return (await client.query<{ ms: number }>(query)).rows[0]?.ms;
    },
    { connectionTimeoutMillis: askLimitMs, query_timeout: askLimitMs },
  );
}

async function askServer(url: string): Promise<number> {
  const { headers, body } = await request(url, { signal: AbortSignal.timeout(askLimitMs), reset: true });
  await body.dump();
  return Date.parse(String(headers['date']));
}

function urlOf({ service, access }: Exclude<Access, { service: 'postgres' }>): string {
  if (service === 'objects') return `http://${access.endpoint}:${access.port}/`;
  return service === 'search' ? access.host : access.baseUrl;
}
