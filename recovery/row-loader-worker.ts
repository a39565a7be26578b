import { parentPort, workerData } from 'node:worker_threads';
import { DrillError, messageOf } from '../domain/drill-error.ts';
import type { RowTransform, TablePlan } from '../domain/masking.ts';
import { loadArchive, type RowLoaderJob, type TableLoad } from './row-loader.ts';
import type { FromLoader, SentPlan, ToLoader } from './row-loader-messages.ts';

/** Told of read bytes no more often than this, so that the threads do not talk all the time. */
const bytesBetweenReports = 4 * 1024 * 1024;

const port = parentPort;
if (port === null) throw new Error('this module is the entry of a worker thread');
const send = (message: FromLoader): void => port.postMessage(message);
const instructions = new Promise<ToLoader>((resolve) => port.once('message', resolve));
let reportedBytes = 0;

try {
  const outcome = await loadArchive(workerData as RowLoaderJob, {
    prepare: async (found) => {
      send({ kind: 'head', found });
      const { settings, tables } = await instructions;
      return {
        settings,
        tables: await Promise.all(tables.map(async (table) => ({ ...table, plan: await planOf(table.plan) }))),
      };
    },
    onTable: ({ dumpId }: TableLoad, loaded) => send({ kind: 'table', dumpId, loaded }),
    onBytes: (sizeBytes) => {
      if (sizeBytes - reportedBytes < bytesBetweenReports) return;
      reportedBytes = sizeBytes;
      send({ kind: 'bytes', sizeBytes });
    },
  });
  send({ kind: 'done', outcome });
} catch (error) {
  // Errors lose their class on the way, and causes may hold what cannot be sent.
  if (error instanceof DrillError) send({ kind: 'failed', facts: { ...error.facts, cause: undefined } });
  else
    send({
      kind: 'failed',
      facts: { code: 'restore-failed', what: 'loading the rows failed', actual: messageOf(error) },
    });
} finally {
  port.close();
}

async function planOf(plan: SentPlan): Promise<TablePlan> {
  if (plan.load !== 'transformed') return plan;
  const { createTransform } = (await import(plan.module)) as { createTransform: (data: unknown) => RowTransform };
  return { load: 'transformed', transform: createTransform(plan.data) };
}
