import type { PostgresConnection } from '../domain/service.ts';
import { connectPostgres } from '../stack/clients.ts';
import { beginSession, type RestoreSession } from './restore-session.ts';

/** Connections that load tables side by side. */
export interface Lanes extends AsyncDisposable {
  /** Waits for a free connection and starts `work` on it. Throws what an earlier work has thrown. */
  run(work: (session: RestoreSession) => Promise<void>): Promise<void>;
  /** Waits for the end of all works. Throws what one of them has thrown. */
  idle(): Promise<void>;
}

const laneCount = 2;

/** Opens the connections. They are cut when `signal` aborts, and closed when the lanes are disposed. */
export async function openLanes(
  connection: PostgresConnection,
  settings: string,
  signal?: AbortSignal,
): Promise<Lanes> {
  const clients = await Promise.all(Array.from({ length: laneCount }, () => connectPostgres(connection)));
  // Ending a client that is busy cuts its connection.
  const end = async (): Promise<void> => {
    signal?.removeEventListener('abort', cut);
    await Promise.allSettled(clients.map((client) => client.end()));
  };
  const cut = (): void => void end();
  signal?.addEventListener('abort', cut, { once: true });
  try {
    signal?.throwIfAborted();
    const sessions = await Promise.all(clients.map((client) => beginSession(client, settings)));
    return { ...lanesOf(sessions), [Symbol.asyncDispose]: end };
  } catch (error) {
    await end();
    throw error;
  }
}

function lanesOf(sessions: readonly RestoreSession[]): Pick<Lanes, 'run' | 'idle'> {
  const free = [...sessions];
  const running = new Set<Promise<void>>();
  let failure: { error: unknown } | undefined;
  const hasFailed = (): boolean => failure !== undefined;
  const throwFailure = (): void => {
    if (failure) throw failure.error;
  };
  return {
    run: async (work) => {
      while (free.length === 0 && !hasFailed()) await Promise.race(running);
      throwFailure();
      const session = free.pop()!;
      const run = work(session)
        .catch((error: unknown) => {
          failure ??= { error };
        })
        .finally(() => {
          running.delete(run);
          free.push(session);
        });
      running.add(run);
    },
    idle: async () => {
      await Promise.all(running);
      throwFailure();
    },
  };
}
