import { createHash } from 'node:crypto';
import { Agent } from 'node:http';
import { request } from 'undici';
import { askUntil } from '../domain/ask-until.ts';
import type { StruckService } from '../domain/fault.ts';
import type { ServiceContent, ServiceFacts } from '../domain/service-facts.ts';
import type {
  ObjectStore,
  ObjectStoreAccess,
  PostgresConnection,
  PostgresServer,
  RunningService,
  SearchAccess,
  SearchServer,
  Stack,
} from '../domain/service.ts';
import { objectClient, withPostgres } from '../stack/clients.ts';
import { withinTime } from '../stack/containers/within-time.ts';
import { eachObject } from '../stack/list-objects.ts';
import { lookAt } from '../stack/look-at.ts';
import type { DrillContext } from './context.ts';

/** How long a service may take to give its content before it counts as giving none. */
const contentWithinMs = 2_000;

/** So many objects of each bucket, and documents of each index, are looked at. */
const mostItems = 1_000;
const mostDocuments = 100;

/** The services that a fault may strike or must spare: the stores, and the API processes that run now. */
export async function servicesToWatch(stack: Stack): Promise<Watched[]> {
  const apps = await Promise.all(
    stack.apps().map(async (app): Promise<Watched[]> => {
      const { baseUrl } = app;
      if (app.info.service !== 'api' || baseUrl === undefined || !(await app.isRunning())) return [];
      return [{ service: 'api', running: app, content: () => contentOfApi(baseUrl) }];
    }),
  );
  return [...watchedStores(stack), ...apps.flat()];
}

/** The stores that serve, whichever they are. */
export function watchedStores({
  postgres,
  objects,
  search,
}: {
  postgres: PostgresServer;
  objects: ObjectStore;
  search: SearchServer;
}): Watched[] {
  return [
    { service: 'postgres', running: postgres, content: () => contentOfPostgres(postgres.connection) },
    { service: 'objects', running: objects, content: () => contentOfObjects(objects.access) },
    { service: 'search', running: search, content: () => contentOfSearch(search.access) },
  ];
}

/** A service with the way to ask what it holds. */
export interface Watched {
  service: StruckService;
  running: Pick<RunningService, 'info' | 'place'>;
  content: () => Promise<ServiceContent>;
}

/** Looks at each service and asks it for content, all at once. Never rejects for a service that is gone. */
export function factsOf(watched: readonly Watched[]): Promise<ServiceFacts[]> {
  return Promise.all(
    watched.map(async ({ service, running, content }) => {
      const { role, instance } = running.info;
      const [seen, held] = await Promise.all([
        lookAt(running.place),
        withinTime(content(), contentWithinMs, service).catch(() => undefined),
      ]);
      return { service, role, ...(instance !== undefined && { instance }), ...seen, ...(held && { content: held }) };
    }),
  );
}

/** How long services that ought to serve have to give their content, all of them, on a machine however busy. */
const servingWithinMs = 15_000;

/**
 * The facts of services that ought to serve. One that gives no content in time is asked again, since on a busy machine that
 * says little; one that never does is told without.
 */
export async function factsOfServing(
  watched: readonly Watched[],
  { clock, signal, withinMs = servingWithinMs }: Pick<DrillContext, 'clock' | 'signal'> & { withinMs?: number },
): Promise<ServiceFacts[]> {
  let facts: ServiceFacts[] = [];
  const allServe = async (): Promise<boolean> => {
    facts = await factsOf(watched);
    return facts.every(({ content }) => content !== undefined);
  };
  await askUntil(allServe, { clock, signal, withinMs, firstPauseMs: 100 });
  return facts;
}

async function contentOfPostgres(connection: PostgresConnection): Promise<ServiceContent> {
  const limits = { connectionTimeoutMillis: contentWithinMs, query_timeout: contentWithinMs };
  const identity = await withPostgres(
    connection,
    async (client) => {
      const { rows } = await client.query<{ id: string }>(
        'SELECT system_identifier::text AS id FROM pg_control_system()',
      );
      return rows[0]?.id;
    },
    limits,
  );
  return { items: {}, ...(identity !== undefined && { identity }) };
}

async function contentOfObjects(access: ObjectStoreAccess): Promise<ServiceContent> {
  const agent = new Agent();
  // The client knows no time limit: with the agent its connections end.
  const over = setTimeout(() => agent.destroy(), contentWithinMs);
  try {
    const client = objectClient(access, { agent });
    const items: Record<string, string> = {};
    for (const { name } of await client.listBuckets()) {
      let seen = 0;
      for await (const { key, etag } of eachObject(client, name)) {
        items[`${name}/${key}`] = etag;
        seen += 1;
        if (seen === mostItems) break;
      }
    }
    return { items };
  } finally {
    clearTimeout(over);
    agent.destroy();
  }
}

/** By plain HTTP: the client has its own view of what an index is. An index without documents is left out. */
async function contentOfSearch({ host, masterKey }: SearchAccess): Promise<ServiceContent> {
  const signal = AbortSignal.timeout(contentWithinMs);
  const get = async (path: string): Promise<{ results: Record<string, unknown>[] }> => {
    const headers = { authorization: `Bearer ${masterKey}` };
    const { statusCode, body } = await request(`${host}${path}`, { headers, signal, reset: true });
    const answer = (await body.json()) as { results: Record<string, unknown>[] };
    if (statusCode === 200) return answer;
    throw new Error(`GET ${path}: status ${statusCode}`);
  };
  const items: Record<string, string> = {};
  for (const { uid } of (await get('/indexes?limit=100')).results) {
    const name = String(uid);
    // A damaged index refuses its documents, and the others may be whole.
    const documents = await get(`/indexes/${encodeURIComponent(name)}/documents?limit=${mostDocuments}`).catch(
      () => undefined,
    );
    if (documents && documents.results.length > 0) items[name] = sha256(JSON.stringify(documents.results));
  }
  return { items };
}

async function contentOfApi(baseUrl: string): Promise<ServiceContent> {
  const { body } = await request(baseUrl, { signal: AbortSignal.timeout(contentWithinMs), reset: true });
  await body.dump();
  return { items: {} };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
