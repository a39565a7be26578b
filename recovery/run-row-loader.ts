import { Worker } from 'node:worker_threads';
import { DrillError, messageOf } from '../domain/drill-error.ts';
import type { TablePlan } from '../domain/masking.ts';
import { loadArchive, type LoadInstructions, type RowLoaderHost, type RowLoaderJob } from './row-loader.ts';
import type { FromLoader, SentPlan, ToLoader } from './row-loader-messages.ts';

/**
 * Loads all rows of an archive as `loadArchive` does. Where every plan can be sent, this runs in a thread of its own: millions of rows pass through buffers, and in a heap that holds nothing
 * else collecting them costs next to nothing. `signal` ends it at once; the server rolls back what was under way.
 */
export async function runRowLoader(
  job: RowLoaderJob,
  host: RowLoaderHost,
  signal: AbortSignal,
): Promise<{ unknown: string } | undefined> {
  signal.throwIfAborted();
  const worker = new Worker(new URL('row-loader-worker.ts', import.meta.url), { workerData: job, resourceLimits });
  const exited = new Promise((resolve) => worker.once('exit', resolve));
  const end = (): void => void worker.terminate();
  signal.addEventListener('abort', end, { once: true });
  let outcome: Outcome;
  try {
    outcome = await listen(worker, host, signal);
  } finally {
    signal.removeEventListener('abort', end);
    await worker.terminate();
    await exited;
  }
  if (!('here' in outcome)) return outcome.result;
  const { here } = outcome;
  return loadArchive(job, { ...host, prepare: async () => here }, signal);
}

/**
 * Buffers are collected with the young objects that hold them, so a small young generation gives their memory back
 * soon. With the usual one, buffers pile up until the whole heap is searched for them: dozens of times in a restore,
 * which took as much of the processor as everything else that the thread does.
 */
const resourceLimits = { maxYoungGenerationSizeMb: 3 };

/** How the thread ended: with its result, or with instructions that have to be carried out in this one. */
type Outcome = { result: { unknown: string } | undefined } | { here: LoadInstructions };

function listen(worker: Worker, host: RowLoaderHost, signal: AbortSignal): Promise<Outcome> {
  const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
  let instructions: LoadInstructions = { settings: '', tables: [] };
  const take = async (message: FromLoader): Promise<void> => {
    if (message.kind === 'bytes') host.onBytes(message.sizeBytes);
    else if (message.kind === 'done') resolve({ result: message.outcome });
    else if (message.kind === 'failed') reject(new DrillError(message.facts));
    else if (message.kind === 'table') {
      const table = instructions.tables.find(({ dumpId }) => dumpId === message.dumpId);
      if (!table) return;
      if (table.plan.load === 'transformed') table.plan.elsewhere?.onRows?.(message.loaded.rows);
      host.onTable(table, message.loaded);
    } else {
      instructions = await host.prepare(message.found);
      const { settings, tables } = instructions;
      const plans = tables.map(({ plan }) => sentPlan(plan));
      if (plans.includes(undefined)) return resolve({ here: instructions });
      worker.postMessage({
        settings,
        tables: tables.map((table, index) => ({ ...table, plan: plans[index]! })),
      } satisfies ToLoader);
    }
  };
  worker.on('message', (message: FromLoader) => void take(message).catch(reject));
  worker.on('error', (error) => reject(ended(messageOf(error))));
  worker.on('exit', (code) => reject(signal.aborted ? signal.reason : ended(`exit code ${code}`)));
  return promise;
}

/** `undefined` for a transform that is only a function of this thread. */
function sentPlan(plan: TablePlan): SentPlan | undefined {
  if (plan.load !== 'transformed') return plan;
  if (!plan.elsewhere) return undefined;
  const { module, data } = plan.elsewhere;
  return { load: 'transformed', module, data };
}

function ended(actual: string): DrillError {
  return new DrillError({ code: 'restore-failed', what: 'the thread that loads rows ended early', actual });
}
