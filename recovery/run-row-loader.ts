import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { DrillError, messageOf } from '../domain/drill-error.ts';
import type { TablePlan } from '../domain/masking.ts';
import {
  loadArchive,
  type LoadInstructions,
  type RowLoaderHost,
  type RowLoaderJob,
  type TableLoad,
} from './row-loader.ts';
import type { FromLoader, SentPlan, ToLoader } from './row-loader-messages.ts';
import { ownProgramEnvironment } from '../domain/environment.ts';

/** Size of a stored archive up to which its rows are loaded here: a process costs more than it saves. */
const smallBytes = 32 * 1024 * 1024;

/**
 * Loads all rows of an archive as `loadArchive` does. Where the archive is large and every plan can be sent, this runs in
 * a process of its own: millions of rows pass through buffers, and in a heap that holds nothing else collecting them
 * costs next to nothing. `signal` ends it at once; the server rolls back what was under way.
 */
export async function runRowLoader(
  job: RowLoaderJob,
  host: RowLoaderHost,
  signal: AbortSignal,
): Promise<{ unknown: string } | undefined> {
  signal.throwIfAborted();
  if (job.file.sizeBytes <= smallBytes) return loadArchive(job, host, signal);
  const loader = fork(new URL('row-loader-process.ts', import.meta.url), {
    execArgv,
    // What travels is bytes, and the identity must not be in an environment or on a command line.
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // In a group of its own: Ctrl-C reaches this process only, which then ends the loader.
    detached: true,
    env: { ...ownProgramEnvironment(process.env), MALLOC_ARENA_MAX: '2' },
  });
  const exited = once(loader, 'exit');
  const end = (): void => void loader.kill('SIGKILL');
  signal.addEventListener('abort', end, { once: true });
  let outcome: Outcome;
  try {
    outcome = await listen(loader, job, host, signal);
  } finally {
    signal.removeEventListener('abort', end);
    // It waits to be ended, so that its last message is never overtaken by its exit.
    end();
    await exited;
  }
  if (!('here' in outcome)) return outcome.result;
  const { here } = outcome;
  return loadArchive(job, { ...host, prepare: async () => here }, signal);
}

/**
 * Buffers are collected with the young objects that hold them, so a small young generation gives their memory back
 * soon. The old generation is given its room at once: its size would count those buffers too, so that the whole heap
 * were searched dozens of times in a restore, to find nothing. No thread of its own for that: the server needs the
 * processors.
 */
const execArgv = [
  '--max-semi-space-size=1',
  '--initial-old-space-size=100',
  '--max-old-space-size=160',
  '--no-concurrent-marking',
];

/** How the loader ended: with its result, or with instructions that have to be carried out in this process. */
type Outcome = { result: { unknown: string } | undefined } | { here: LoadInstructions };

function listen(loader: ChildProcess, job: RowLoaderJob, host: RowLoaderHost, signal: AbortSignal): Promise<Outcome> {
  const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
  let tablesById = new Map<number, TableLoad>();
  const send = (message: RowLoaderJob | ToLoader): void => {
    // Why it could not be sent is told by the loader's end.
    loader.send(message, () => undefined);
  };
  const take = async (message: FromLoader): Promise<void> => {
    if (message.kind === 'bytes') host.onBytes(message.sizeBytes);
    else if (message.kind === 'done') resolve({ result: message.outcome });
    else if (message.kind === 'failed') reject(new DrillError(message.facts));
    else if (message.kind === 'table') {
      const table = tablesById.get(message.dumpId);
      if (!table) return;
      if (table.plan.load === 'transformed') table.plan.elsewhere?.onRows?.(message.loaded.rows);
      host.onTable(table, message.loaded);
    } else {
      const instructions = await host.prepare(message.found);
      const { settings, tables } = instructions;
      tablesById = new Map(tables.map((table) => [table.dumpId, table]));
      const plans = tables.map(({ plan }) => sentPlan(plan));
      if (plans.includes(undefined)) return resolve({ here: instructions });
      send({
        settings,
        tables: tables.map((table, index) => ({ ...table, plan: plans[index]! })),
      });
    }
  };
  loader.on('message', (message) => void take(message as FromLoader).catch(reject));
  loader.on('error', (error) => reject(ended(messageOf(error))));
  loader.on('exit', (code, killedBy) => {
    reject(signal.aborted ? signal.reason : ended(killedBy ?? `exit code ${code}`));
  });
  send(job);
  return promise;
}

/** `undefined` for a transform that is only a function of this process. */
function sentPlan(plan: TablePlan): SentPlan | undefined {
  if (plan.load !== 'transformed') return plan;
  if (!plan.elsewhere) return undefined;
  const { module, data } = plan.elsewhere;
  return { load: 'transformed', module, data };
}

function ended(actual: string): DrillError {
  return new DrillError({ code: 'restore-failed', what: 'the process that loads rows ended early', actual });
}
