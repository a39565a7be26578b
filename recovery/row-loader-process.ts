import { on } from 'node:events';
import { DrillError, messageOf, type DrillErrorFacts } from '../domain/drill-error.ts';
import type { RowTransform, TablePlan } from '../domain/masking.ts';
import { loadArchive, type RowLoaderJob, type TableLoad } from './row-loader.ts';
import type { FromLoader, SentPlan, ToLoader } from './row-loader-messages.ts';

/** Told of read bytes no more often than this, so that the processes do not talk all the time. */
const bytesBetweenReports = 4 * 1024 * 1024;

if (process.send === undefined) throw new Error('this module is the entry of a process that another one forks');
// Nobody is there any more to be told of the rows.
process.once('disconnect', () => process.exit(1));
const send = (message: FromLoader): Promise<void> =>
  new Promise((resolve, reject) => {
    process.send?.(message, undefined, undefined, (error) => (error ? reject(error) : resolve()));
  });
const messages = on(process, 'message');
const next = async <M>(): Promise<M> => ((await messages.next()).value as [M])[0];
let reportedBytes = 0;

try {
  const outcome = await loadArchive(await next<RowLoaderJob>(), {
    prepare: async (found) => {
      await send({ kind: 'head', found });
      const { settings, tables } = await next<ToLoader>();
      return {
        settings,
        tables: await Promise.all(tables.map(async (table) => ({ ...table, plan: await planOf(table.plan) }))),
      };
    },
    onTable: ({ dumpId }: TableLoad, loaded) => void send({ kind: 'table', dumpId, loaded }),
    onBytes: (sizeBytes) => {
      if (sizeBytes - reportedBytes < bytesBetweenReports) return;
      reportedBytes = sizeBytes;
      void send({ kind: 'bytes', sizeBytes });
    },
  });
  await send({ kind: 'done', outcome });
} catch (error) {
  // Errors lose their class on the way, and causes may hold what cannot be sent.
  const facts: DrillErrorFacts =
    error instanceof DrillError
      ? { ...error.facts, cause: undefined }
      : { code: 'restore-failed', what: 'loading the rows failed', actual: messageOf(error) };
  await send({ kind: 'failed', facts });
}

async function planOf(plan: SentPlan): Promise<TablePlan> {
  if (plan.load !== 'transformed') return plan;
  const { createTransform } = (await import(plan.module)) as { createTransform: (data: unknown) => RowTransform };
  return { load: 'transformed', transform: createTransform(plan.data) };
}
