import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'vitest';
import type { Fault, FaultObservation } from '../../domain/fault.ts';
import type { EngineName, Stack } from '../../domain/service.ts';
import { startStack } from '../../stack/index.ts';

const apiSource = `
  import { createServer } from 'node:http';
  const server = createServer((request, response) => response.end('here'));
  server.listen(Number(process.env.PORT), '127.0.0.1');
`;

/** A stack with a tiny API on it. */
export async function startFaultBench(engine: EngineName = 'native'): Promise<Stack> {
  const stack = await startStack({
    engine,
    runId: `faults-${randomBytes(4).toString('hex')}`,
    database: 'app',
  });
  const file = join(stack.folder, 'api.mjs');
  await writeFile(file, apiSource);
  await startApi(stack, 'production');
  return stack;
}

/** Starts one more API process on a port of its own. */
export async function startApi(stack: Stack, role: string, name?: string): Promise<void> {
  const port = await stack.freePort();
  await stack.provision.app({
    service: 'api',
    role,
    ...(name !== undefined && { name }),
    entry: pathToFileURL(join(stack.folder, 'api.mjs')),
    environment: { PORT: String(port) },
    listens: { port, readyPath: '/' },
  });
}

/** The lines of a fault that do not show it. */
export async function notBitten(fault: Fault, stack: Stack): Promise<FaultObservation[]> {
  return (await fault.observe(stack)).filter(({ bitten }) => !bitten);
}

/** That a fault which was not injected, or was lifted, is seen as not there. */
export async function expectInert(fault: Fault, stack: Stack): Promise<void> {
  expect(await notBitten(fault, stack), `${fault.name} is not there`).not.toEqual([]);
}
