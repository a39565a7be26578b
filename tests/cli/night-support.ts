import { createHmac, timingSafeEqual } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { systemClock } from '../../domain/clock.ts';
import type { NightlySummary } from '../../domain/nightly.ts';
import { discoverDrills } from '../../harness/discover.ts';
import { loadProgramme } from '../../harness/programme.ts';
import { sampleRecord } from '../../reports/sample-records.test-data.ts';

export interface Received {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A server that writes down what it is told, in the order in which it came. */
export interface Sink extends AsyncDisposable {
  address: string;
  received: Received[];
}

/** Starts one on a free port of the loopback interface; it answers 200 to everything. */
export async function startSink(): Promise<Sink> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      received.push({ method, path: url, headers, body: Buffer.concat(chunks).toString() });
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}`,
    received,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Whether a message is from someone who knows the secret, checked as the README tells a receiver to. */
export function isSigned({ headers, body }: Received, secret: string): boolean {
  const text = `${String(headers['x-firedrill-timestamp'])}.${body}`;
  const expected = Buffer.from(`sha256=${createHmac('sha256', secret).update(text).digest('hex')}`);
  const actual = Buffer.from(String(headers['x-firedrill-signature']));
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}

/**
 * Green records of all drills but those named, made an hour ago, and in this month, in whose lots they count, on the runbooks
 * and schemas that there are now; in a new folder below this one.
 */
export async function recordsBut(folder: string, ...without: string[]): Promise<string> {
  const records = join(folder, `records-but-${without.join('-') || 'none'}`);
  await mkdir(records, { recursive: true });
  const runbooks = await loadProgramme();
  const now = systemClock.now();
  const monthMs = Date.UTC(now.getUTCFullYear(), now.getUTCMonth());
  const startedAt = new Date(Math.max(now.getTime() - 3_600_000, monthMs)).toISOString();
  for (const { definition } of await discoverDrills()) {
    const runbook = runbooks.find(({ name }) => name === definition.runbook);
    if (!runbook) throw new Error(`no runbook ${definition.runbook}`);
    if (without.includes(definition.name)) continue;
    const record = sampleRecord('passing');
    record.drill = definition.name;
    record.runId = `${definition.name}-earlier`;
    record.startedAt = startedAt;
    record.runbook = { ...record.runbook, sha256: runbook.sha256 };
    record.environment = { ...record.environment, schemaSha256: runbook.schemaSha256 };
    await mkdir(join(records, definition.name), { recursive: true });
    await writeFile(join(records, definition.name, 'drill.json'), JSON.stringify(record));
  }
  return records;
}

/** The summary that a night, or the merge of one, has left in a folder. */
export async function summaryIn(folder: string): Promise<NightlySummary> {
  return JSON.parse(await readFile(join(folder, 'summary.json'), 'utf8')) as NightlySummary;
}
