import { getReaper } from 'testcontainers';
import { messageOf } from '../../domain/drill-error.ts';
import type { Progress } from '../../domain/timeline.ts';
import type { Engine } from './engine.ts';
import { withinTime } from './within-time.ts';

const startTimeoutMs = 60_000;
let session: Promise<string | undefined> | undefined;

/**
 * The session of Ryuk, the helper container of the library that removes what carries the label of a session once the
 * process has died, or `undefined` where it cannot run: it is switched off by TESTCONTAINERS_RYUK_DISABLED=true, or
 * its image cannot be had. A drill goes on without it, since everything carries the marks of its run and is found
 * again by them. Asked once in a process.
 */
export function reaperSession(engine: Engine, progress: Progress): Promise<string | undefined> {
  session ??= startReaper(engine, progress);
  return session;
}

async function startReaper(engine: Engine, progress: Progress): Promise<string | undefined> {
  if (process.env['TESTCONTAINERS_RYUK_DISABLED'] === 'true') return undefined;
  try {
    return (await withinTime(getReaper(engine.client), startTimeoutMs, 'the reaper of testcontainers')).sessionId;
  } catch (error) {
    progress.info(`going on without the reaper of testcontainers: ${messageOf(error).trim()}`);
    return undefined;
  }
}
