#!/usr/bin/env node
import { resolve } from 'node:path';
import { systemClock } from '../../../domain/clock.ts';
import { messageOf } from '../../../domain/drill-error.ts';
import { httpServer } from './http/server.ts';
import { log } from './log.ts';
import { readOptions, type SearchOptions } from './options.ts';
import { openData } from './start-up.ts';
import { taskWork } from './tasks/process-task.ts';
import { taskScheduler } from './tasks/scheduler.ts';

/**
 * The built-in stand-in for Meilisearch, as a process of its own: takes the flags and environment variables of the
 * `meilisearch` command, answers the part of its API that the drills use, keeps its data on disk. `SIGTERM` and `SIGINT` end
 * it in order; a `SIGKILL` loses nothing that was acknowledged.
 *
 * What it does not do is refused (501 `stand_in_not_implemented`, or 400 for a filter) or unknown as a route (404), never
 * left out of an answer in silence: highlighting, cropping, ranking scores, distinct, vectors, geographical filters,
 * federated search, facet search, tenant tokens, CSV, batches, cancelling and deleting of tasks, webhooks, chats,
 * experimental features. Ranking follows the rules of a real server in kind, not in every figure. Snapshots are readable
 * only by the stand-in itself; dumps are in format V6.
 */
async function main(options: SearchOptions): Promise<void> {
  const data = await openData(options);
  const folders = { dumpFolder: resolve(options.dumpDir), snapshotFolder: resolve(options.snapshotDir) };
  const scheduler = taskScheduler(data, taskWork(data, systemClock, folders), systemClock);
  const service = { data, scheduler, clock: systemClock, masterKey: options.masterKey };
  const server = httpServer(service, options.httpPayloadSizeLimitBytes);
  let timer: NodeJS.Timeout | undefined;

  async function end(): Promise<void> {
    clearInterval(timer);
    await server.close();
    await scheduler.stop();
    data.close();
  }

  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => void end().then(() => process.exit(0), fail));
  try {
    await server.listen({ host: options.host, port: options.port });
  } catch (error) {
    await end();
    throw error;
  }
  if (options.scheduleSnapshotMs) {
    const snapshot = { indexUid: null, content: 'snapshotCreation' as const, details: null };
    timer = setInterval(() => scheduler.enqueue(snapshot), options.scheduleSnapshotMs);
  }
  log('INFO', `built-in search stand-in, listening on ${options.host}:${options.port}`);
  scheduler.wake();
}

/** Ends the process with the error in its log: once as a line, once in full, as a real server does. */
function fail(error: unknown): void {
  const message = messageOf(error);
  log('ERROR', `error=${message.split('\n')[0] ?? ''}`);
  process.stderr.write(`Error: ${message}\n`);
  process.exit(1);
}

try {
  await main(readOptions(process.argv.slice(2)));
} catch (error) {
  fail(error);
}
