import type { Client } from 'pg';

type Asked = Parameters<Client['query']>;

/**
 * The same client, which lets go of the locks of each query once it is answered. Whoever looks at every table in one
 * transaction would else hold locks on all of them and on their indexes, and a server has room for so many only. Use it
 * inside a transaction, for queries that only read.
 */
export function releasingLocks(client: Client): Client {
  const query = (...asked: Asked): unknown =>
    // A stream, such as that of a COPY, is handed back at once, and what it locks is held.
    isStream(asked[0]) ? client.query(...asked) : lettingGo<unknown>(client, async () => client.query(...asked));
  return new Proxy(client, {
    get: (target, property) => (property === 'query' ? query : (Reflect.get(target, property) as unknown)),
  });
}

/** Does a work that only reads, and lets go of all locks that it took. Inside a transaction. */
export async function lettingGo<T>(client: Client, work: () => Promise<T>): Promise<T> {
  await client.query('SAVEPOINT firedrill_locks');
  try {
    return await work();
  } finally {
    await client.query('ROLLBACK TO SAVEPOINT firedrill_locks; RELEASE SAVEPOINT firedrill_locks');
  }
}

function isStream(asked: unknown): boolean {
  return typeof asked === 'object' && asked !== null && 'submit' in asked;
}
