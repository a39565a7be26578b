import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { AppLaunch } from '../domain/service.ts';
import { startApp } from './app-process.ts';
import { isPortOpen } from './marks/listening-ports.ts';
import { createRunContext, type RunContext } from './run-context.ts';

let run: RunContext;
beforeEach(async () => {
  run = await createRunContext({ runId: `unit-${randomBytes(4).toString('hex')}`, engine: 'native' });
});
afterEach(() => run[Symbol.asyncDispose]());

/** A process of an application with this code. */
async function launchOf(code: string, options: Partial<AppLaunch> = {}): Promise<AppLaunch> {
  const file = join(run.folder, 'app.mjs');
  await writeFile(file, code);
  return { service: 'api', role: 'production', entry: pathToFileURL(file), environment: {}, ...options };
}

const server = `
  import { createServer } from 'node:http';
  let asked = 0;
  createServer((request, response) => {
    response.statusCode = request.url === '/ready' && ++asked > 2 ? 200 : 503;
    response.end('not yet');
  }).listen(Number(process.env.PORT), '127.0.0.1');`;

it('is up when its path answers 200, and can be killed and started again', async () => {
  const port = await run.freePort();
  const launch = await launchOf(server, {
    environment: { PORT: String(port) },
    listens: { port, readyPath: '/ready' },
  });
  await using app = await startApp(run, launch);
  expect(app.baseUrl).toBe(`http://127.0.0.1:${port}`);
  expect((await fetch(`${app.baseUrl}/ready`)).status).toBe(200);
  expect(app.info).toMatchObject({ service: 'api', role: 'production', version: process.versions.node });
  await app.kill();
  expect([await app.isRunning(), await isPortOpen(port)]).toEqual([false, false]);
  await app.start();
  expect(await app.isRunning()).toBe(true);
});

it('is up when it has printed its line', async () => {
  const code = `setTimeout(() => console.log('worker is up'), 200); setInterval(() => {}, 1000);`;
  await using app = await startApp(run, await launchOf(code, { service: 'worker', readyLine: 'worker is up' }));
  expect(await app.logTail()).toBe('worker is up');
  expect(app.baseUrl).toBeUndefined();
  await app.stop();
  expect(await app.isRunning()).toBe(false);
  await app.start();
  expect(await app.logTail(), 'the line of the first start does not count for the second').toBe(
    'worker is up\nworker is up',
  );
});

it('says why it did not start, without the secrets of its environment', async () => {
  const code = `console.error('cannot use ' + process.env.API_TOKEN); process.exit(9);`;
  const launch = await launchOf(code, {
    environment: { API_TOKEN: 'a-secret-of-the-run' },
    listens: { port: await run.freePort(), readyPath: '/ready' },
  });
  const starting = startApp(run, launch);
  await expect(starting).rejects.toMatchObject({ code: 'service-start', facts: { service: 'api' } });
  await expect(starting).rejects.toThrow(
    /^api \(production\) did not start: expected an answer 200 to GET http:\S+\/ready, actual it exited with code 9 after .*\n.*\n {2}cannot use \*\*\*$/,
  );
});

it('keeps its temporary files in the folder of the run', async () => {
  const code = `import { tmpdir } from 'node:os'; console.log('up in ' + tmpdir()); setInterval(() => {}, 1000);`;
  await using app = await startApp(run, await launchOf(code, { readyLine: 'up in' }));
  expect(await app.logTail()).toContain(`up in ${run.folder}/`);
});
