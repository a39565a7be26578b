/**
 * A process that owns a run, for the tests of what such a process leaves. It starts a server, says so on its standard
 * output as `ready <pid of the server>`, and stays until it is ended. Its arguments are the id of the run, and what it does
 * then: `stay`, `disk` (the same, with the server on a small disk and its clock off), `exit`, `keep` (exit and let the
 * server go on) or `pause` (halt the server and exit).
 */
import { startNativePostgres } from '../../stack/native/postgres.ts';
import { keepProcesses } from '../../stack/marks/spawn.ts';
import { createRunContext } from '../../stack/run-context.ts';

const [runId = '', then = 'stay'] = process.argv.slice(2);
const run = await createRunContext({ runId, engine: 'native' });
const server = await startNativePostgres(run, 'owned', { database: 'owned' });
if (then === 'disk') {
  await server.stop();
  await server.disk?.confine(64 * 1024 ** 2);
  await server.start({ clockOffsetMs: 3_600_000 });
}
process.stdout.write(`ready ${run.processes().at(-1)?.pid}\n`);
if (then === 'pause') await server.pause();
if (then === 'keep') keepProcesses(runId);
if (then === 'stay' || then === 'disk') setInterval(() => {}, 1_000);
else process.exit(0);
