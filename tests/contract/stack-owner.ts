/**
 * A process that owns a run, for the tests of what such a process leaves. It starts a server, says so on its standard
 * output as `ready <pid of the server>`, and stays until it is ended. Its argument is the id of the run.
 */
import { startNativePostgres } from '../../stack/native/postgres.ts';
import { keepProcesses } from '../../stack/marks/spawn.ts';
import { createRunContext } from '../../stack/run-context.ts';

const [runId = '', then = 'stay'] = process.argv.slice(2);
const run = await createRunContext({ runId, engine: 'native' });
await startNativePostgres(run, 'owned', { database: 'owned' });
process.stdout.write(`ready ${run.processes()[0]?.pid}\n`);
if (then === 'keep') keepProcesses(runId);
if (then === 'stay') setInterval(() => {}, 1_000);
else process.exit(0);
