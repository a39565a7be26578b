import { createHmac } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../domain/clock.ts';
import type { NotificationResult } from '../domain/notification.ts';
import type { NightlySummary } from '../domain/nightly.ts';
import { announce } from './announce.ts';
import { readConfiguration } from './configuration.ts';
import { night } from './night.test-data.ts';

interface Received {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

let server: Server;
let origin: string;
let received: Received[];
/** Statuses of the next answers; 200 from then on. `0`: none at all. */
let statuses: number[];

beforeEach(async () => {
  received = [];
  statuses = [];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      received.push({ method, path: url, headers, body: Buffer.concat(chunks).toString() });
      const status = statuses.shift() ?? 200;
      if (status > 0) response.writeHead(status, { location: '/elsewhere' }).end('secret-answer');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function tell(summary: NightlySummary, environment: NodeJS.ProcessEnv): Promise<NotificationResult[]> {
  return await announce(summary, readConfiguration(environment), { clock: systemClock, firstPauseMs: 1 });
}

describe('webhook', () => {
  const environment = (): NodeJS.ProcessEnv => ({
    FIREDRILL_WEBHOOK_URL: `${origin}/hook/secret-path`,
    FIREDRILL_WEBHOOK_SECRET: 'secret-key',
    FIREDRILL_REPORT_LINK: 'https://ci.example/1',
  });

  test('verdict, RTO and RPO against the objectives, link; signed over timestamp and body', async () => {
    expect(await tell(night('fail'), environment())).toEqual([{ channel: 'webhook', outcome: 'sent', attempts: 1 }]);
    const { headers = {}, body = '', method } = received[0] ?? {};
    expect(method).toBe('POST');
    expect(JSON.parse(body)).toMatchObject({
      event: 'firedrill.nightly',
      verdict: 'fail',
      link: 'https://ci.example/1',
      drills: [
        { drill: 'loss', verdict: 'fail', rto: { totalMs: 5_100, targetMs: 7_200_000 }, rpo: [{ store: 'postgres' }] },
      ],
    });
    const timestamp = String(headers['x-firedrill-timestamp']);
    expect(Math.abs(Number(timestamp) - systemClock.now().getTime() / 1000)).toBeLessThan(60);
    const expected = createHmac('sha256', 'secret-key').update(`${timestamp}.${body}`).digest('hex');
    expect(headers['x-firedrill-signature']).toBe(`sha256=${expected}`);
  });

  test('is tried again under the same delivery id', async () => {
    statuses = [500, 429];
    expect(await tell(night('pass'), environment())).toEqual([{ channel: 'webhook', outcome: 'sent', attempts: 3 }]);
    expect(new Set(received.map(({ headers }) => headers['x-firedrill-delivery'])).size).toBe(1);
  });

  test.for([400, 401, 404, 302])('is not tried again after %s', async (status) => {
    statuses = [status];
    const [result] = await tell(night('pass'), environment());
    expect(result).toEqual({ channel: 'webhook', outcome: 'failed', attempts: 1, detail: `answered ${status}` });
    expect(received).toHaveLength(1);
  });

  test('is given up after five tries', async () => {
    statuses = Array.from({ length: 9 }, () => 503);
    const [result] = await tell(night('pass'), environment());
    expect(result).toEqual({ channel: 'webhook', outcome: 'failed', attempts: 5, detail: 'answered 503' });
  });

  test('is given up at the limit of time when nobody answers', async () => {
    statuses = [0, 0];
    const begun = systemClock.monotonicMs();
    const [result] = await tell(night('pass'), { ...environment(), FIREDRILL_NOTIFY_SECONDS: '1' });
    expect(result).toMatchObject({ outcome: 'failed', detail: 'not told within 1 s' });
    expect(systemClock.monotonicMs() - begun).toBeLessThan(5_000);
  });

  test('without a secret it says that it is not signed', async () => {
    const [result] = await tell(night('pass'), { FIREDRILL_WEBHOOK_URL: origin });
    expect(result).toMatchObject({ outcome: 'sent', detail: 'not signed: FIREDRILL_WEBHOOK_SECRET is not set' });
    expect(received[0]?.headers).not.toHaveProperty('x-firedrill-signature');
  });

  test('no failure tells an address, a secret or an answer', async () => {
    statuses = [400];
    const refused = await tell(night('pass'), environment());
    const unreachable = { ...environment(), FIREDRILL_WEBHOOK_URL: 'http://127.0.0.1:1/secret-path' };
    const results = [...refused, ...(await tell(night('pass'), unreachable))];
    expect(results.map(({ outcome }) => outcome)).toEqual(['failed', 'failed']);
    expect(JSON.stringify(results)).not.toMatch(/secret-|127\.0\.0\.1/);
    expect(results[1]?.detail).toBe('no answer: ECONNREFUSED');
  });
});

test('a message for Slack: every drill with its figures, markup escaped', async () => {
  const summary = night('fail', { drill: 'a<b>&c', flaky: undefined });
  await tell(summary, {
    FIREDRILL_SLACK_WEBHOOK_URL: `${origin}/slack`,
    FIREDRILL_REPORT_LINK: 'https://ci.example/1',
  });
  const body = JSON.parse(received[0]?.body ?? '{}') as { text: string; blocks: { text: { text: string } }[] };
  expect(body.text).toBe('Nightly drill: FAIL, 0 of 1 drills green: https://ci.example/1');
  expect(body.blocks.map(({ text }) => text.text)).toEqual([
    'Nightly drill: FAIL, 0 of 1 drills green',
    'FAIL a&lt;b&gt;&amp;c: RTO 5.1 s of 2 h, RPO postgres 3.2 s of 15 min',
    '<https://ci.example/1|Reports of the night>',
  ]);
});

test('a message for Slack says what of the night is not known', async () => {
  const shards = { found: [1], missing: [2, 3], count: 3 };
  await tell({ ...night('fail'), shards, unreadable: ['a: x', 'b: y'] }, { FIREDRILL_SLACK_WEBHOOK_URL: origin });
  expect(received[0]?.body).toContain('nothing was left by shard 2, 3 of 3');
  expect(received[0]?.body).toContain('could not be read: a: x; b: y');
});

test('a message for Slack stays under its limit and says how much is left out', async () => {
  const [row] = night('fail').rows;
  const rows = Array.from({ length: 200 }, () => ({ ...row, drill: 'x'.repeat(50) }));
  await tell({ ...night('fail'), rows: rows as never }, { FIREDRILL_SLACK_WEBHOOK_URL: origin });
  const { blocks } = JSON.parse(received[0]?.body ?? '{}') as { blocks: { text: { text: string } }[] };
  expect(blocks[1]?.text.text.length).toBeLessThan(3_000);
  expect(blocks[1]?.text.text).toMatch(/… and 1\d\d more$/);
});

describe('dead-man ping', () => {
  test('a green night is told', async () => {
    const results = await tell(night('pass'), { FIREDRILL_PING_URL: `${origin}/ping` });
    expect(results).toEqual([{ channel: 'ping', outcome: 'sent', attempts: 1 }]);
    expect(received).toMatchObject([{ method: 'GET', path: '/ping' }]);
  });

  test.for<[string, NightlySummary]>([
    ['red', night('fail')],
    ['inconclusive', night('inconclusive')],
    ['empty', { ...night('pass'), rows: [], verdict: undefined } as never],
    ['sabotaged', night('pass', { sabotage: 'x' })],
  ])('a night that is %s is not', async ([, summary]) => {
    const [result] = await tell(summary, { FIREDRILL_PING_URL: origin });
    expect(result).toMatchObject({ channel: 'ping', outcome: 'skipped', attempts: 0 });
    expect(received).toEqual([]);
  });
});

describe('what is asked for and cannot be', () => {
  test('an address that is none is told without its value', async () => {
    const results = await tell(night('pass'), {
      FIREDRILL_PING_URL: 'secret-thing',
      FIREDRILL_WEBHOOK_URL: 'ftp://secret',
    });
    expect(results).toEqual([
      {
        channel: 'webhook',
        outcome: 'failed',
        attempts: 0,
        detail: 'FIREDRILL_WEBHOOK_URL is no http or https address',
      },
      { channel: 'ping', outcome: 'failed', attempts: 0, detail: 'FIREDRILL_PING_URL is no http or https address' },
    ]);
  });

  test('a folder of metrics that is not there', async () => {
    const file = join(tmpdir(), 'firedrill-no-such-folder', 'x.prom');
    expect(await tell(night('pass'), { FIREDRILL_PROMETHEUS_FILE: file })).toMatchObject([
      { channel: 'prometheus', outcome: 'failed', detail: expect.stringContaining('ENOENT') as string },
    ]);
  });

  test('nothing asked for: nothing told', async () => expect(await tell(night('pass'), {})).toEqual([]));
});

describe('file of metrics', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'firedrill-metrics-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('is replaced as a whole and leaves nothing beside it', async () => {
    const file = join(folder, 'firedrill.prom');
    const environment = { FIREDRILL_PROMETHEUS_FILE: file };
    await tell(night('pass'), environment);
    expect(await tell(night('fail'), environment)).toMatchObject([{ outcome: 'sent' }]);
    const text = await readFile(file, 'utf8');
    expect(text).toContain('firedrill_verdict{drill="loss",verdict="fail"} 1\n');
    expect(text).toContain('firedrill_last_success_timestamp_seconds{drill="loss"} ');
    expect(await readdir(folder)).toEqual(['firedrill.prom']);
  });

  test('of somebody else is left as it is', async () => {
    const file = join(folder, 'other.prom');
    await writeFile(file, 'node_load1 0.5\n');
    const [result] = await tell(night('pass'), { FIREDRILL_PROMETHEUS_FILE: file });
    expect(result).toMatchObject({ outcome: 'failed', detail: expect.stringContaining('not from here') as string });
    expect(await readFile(file, 'utf8')).toBe('node_load1 0.5\n');
    expect(await readdir(folder)).toEqual(['other.prom']);
  });
});
