import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../domain/clock.ts';
import type { NightlySummary } from '../../domain/nightly.ts';
import { discoverDrills } from '../../harness/discover.ts';
import { loadProgramme } from '../../harness/programme.ts';
import { sampleRecord } from '../../reports/sample-records.test-data.ts';
import { firedrill } from '../firedrill.ts';

const drill = 'db-loss';
let folder: string;
let server: Server;
let received: { path: string; body: string }[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firedrill-nightly-'));
  received = [];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ path: request.url ?? '', body: Buffer.concat(chunks).toString() });
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

/** Green records of all drills but those named, made an hour ago on the runbooks and schemas that there are now. */
async function recordsBut(...without: string[]): Promise<string> {
  const records = join(folder, `records-but-${without.join('-') || 'none'}`);
  await mkdir(records, { recursive: true });
  const runbooks = await loadProgramme();
  const startedAt = new Date(systemClock.now().getTime() - 3_600_000).toISOString();
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

async function summaryIn(directory: string): Promise<NightlySummary> {
  return JSON.parse(await readFile(join(directory, 'summary.json'), 'utf8')) as NightlySummary;
}

function environment(): Record<string, string> {
  const { port } = server.address() as AddressInfo;
  return {
    FIREDRILL_WEBHOOK_URL: `http://127.0.0.1:${port}/hook`,
    FIREDRILL_WEBHOOK_SECRET: 'of the test',
    FIREDRILL_PING_URL: `http://127.0.0.1:${port}/ping`,
    FIREDRILL_PROMETHEUS_FILE: join(folder, 'firedrill.prom'),
    FIREDRILL_REPORT_LINK: 'https://ci.example/1',
    GITHUB_STEP_SUMMARY: join(folder, 'step-summary.md'),
  };
}

test('the plan is printed and nothing is run', async () => {
  const out = join(folder, 'dry');
  const result = await firedrill([
    'nightly',
    '--dry-run',
    '--out',
    out,
    '--records',
    await recordsBut(drill, 'full-loss'),
  ]);
  expect(result.exitCode).toBe(0);
  expect(result.stdout).toMatch(/^due +db-loss +it was never green/m);
  expect(result.stdout).toMatch(/^not due +app-failover +next on \d{4}-\d\d-\d\d$/m);
  expect(result.stdout).toMatch(/^gap: .*db-loss.*it was never run$/m);
  expect(result.stdout).toMatch(/^lot of the period from .* seed \d+/m);
  await expect(summaryIn(out)).rejects.toThrow('ENOENT');
});

describe('a night that is sabotaged', () => {
  const success = `firedrill_last_success_timestamp_seconds{drill="${drill}"} 1700000000`;
  let out: string;

  beforeAll(async () => {
    out = join(folder, 'shard-1');
    await writeFile(join(folder, 'firedrill.prom'), `${success}\n`);
    const args = ['--due-only', '--out', out, '--records', await recordsBut(drill)];
    const small = ['--engine', 'native', '--rows', '200', '--sabotage', 'row-missing'];
    const result = await firedrill(['nightly', ...args, ...small], environment());
    expect(result.exitCode, result.all.slice(-3_000)).toBe(1);
  });

  test('sums up what was due, and only that', async () => {
    const summary = await summaryIn(out);
    expect(summary).toMatchObject({
      verdict: 'fail',
      rows: [{ drill, source: 'shard-1', verdict: 'fail', sabotage: 'row-missing', state: 'finished', rows: 200 }],
      flaky: [],
    });
    expect(summary.notDue.map((one) => one.drill)).not.toContain(drill);
    expect(await readFile(join(folder, 'step-summary.md'), 'utf8')).toContain('# Nightly drill: ✖ FAIL');
  });

  test('is told to the webhook, signed, and not to the dead man', async () => {
    expect(received.map(({ path }) => path)).toEqual(['/hook']);
    expect(JSON.parse(received[0]?.body ?? '')).toMatchObject({
      verdict: 'fail',
      link: 'https://ci.example/1',
      drills: [{ drill, verdict: 'fail', sabotage: 'row-missing', rto: { verdict: 'pass' } }],
    });
    const notifications = await readFile(join(out, 'notifications.json'), 'utf8');
    expect(JSON.parse(notifications)).toEqual([
      { channel: 'webhook', outcome: 'sent', attempts: 1 },
      { channel: 'ping', outcome: 'skipped', attempts: 0, detail: 'the night was sabotaged' },
      { channel: 'prometheus', outcome: 'sent', attempts: 1 },
    ]);
  });

  test('leaves the metrics without a new success', async () => {
    const text = await readFile(join(folder, 'firedrill.prom'), 'utf8');
    expect(text).toContain(`${success}\n`);
    expect(text).toContain(`firedrill_verdict{drill="${drill}",verdict="fail"} 1\n`);
    expect(text).not.toContain('firedrill_nightly_last_success');
  });

  test('is red when it is merged, once however often its records are there; nothing else changes that', async () => {
    await cp(out, join(folder, 'again'), { recursive: true });
    const merged = join(folder, 'merged');
    const wrong = { FIREDRILL_WEBHOOK_URL: 'http://127.0.0.1:1/hook', FIREDRILL_NOTIFY_SECONDS: '1' };
    const result = await firedrill(['merge', out, join(folder, 'again'), '--out', merged, '--records', folder], wrong);
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toMatch(/firedrill: webhook failed: /);
    expect((await summaryIn(merged)).rows).toHaveLength(1);
  });

  test('a folder of the folders of machines stands for them; one that broke off is not forgotten', async () => {
    const night = join(folder, 'night');
    await cp(out, join(night, 'shard-1'), { recursive: true });
    await mkdir(join(night, 'shard-2'));
    const merged = join(folder, 'merged-night');
    await firedrill(['merge', night, '--out', merged, '--records', folder]);
    expect(await summaryIn(merged)).toMatchObject({
      rows: [{ drill, source: 'shard-1' }],
      unreadable: ['shard-2: there is neither a record nor a summary'],
    });
  });

  test('two different records of its run are an error', async () => {
    const file = join(folder, 'again', drill, 'drill.json');
    await writeFile(file, (await readFile(file, 'utf8')).replace('"verdict": "fail"', '"verdict": "pass"'));
    const result = await firedrill(['merge', out, join(folder, 'again'), '--out', join(folder, 'never')]);
    expect(result.exitCode).toBe(3);
    expect(result.all).toMatch(/two records of the run db-loss-.* differ/);
  });
});

test('a night on which nothing is due proves nothing, is not red, and is not told to the dead man', async () => {
  const out = join(folder, 'empty');
  const told = received.length;
  const args = ['nightly', '--due-only', '--records', await recordsBut(), '--out', out];
  const { FIREDRILL_WEBHOOK_URL: _, ...rest } = environment();
  const result = await firedrill(args, rest);
  expect(result.exitCode, result.all).toBe(0);
  const summary = await summaryIn(out);
  expect(summary.rows).toEqual([]);
  expect(summary).not.toHaveProperty('verdict');
  expect(received).toHaveLength(told);
});

test('a shard is not told: that is for the merge', async () => {
  const out = join(folder, 'shard-of-two');
  const told = received.length;
  const records = await recordsBut();
  const metrics = join(folder, 'never.prom');
  const args = ['nightly', '--due-only', '--shard', '1/2', '--records', records, '--out', out];
  const result = await firedrill(args, { ...environment(), FIREDRILL_PROMETHEUS_FILE: metrics });
  expect(result.exitCode, result.all).toBe(0);
  expect(await summaryIn(out)).toMatchObject({ shard: { index: 1, count: 2 } });
  expect(received).toHaveLength(told);
  await expect(readFile(metrics)).rejects.toThrow('ENOENT');
});

test('a green night stays green although nobody can be told', async () => {
  const out = join(folder, 'untold');
  const result = await firedrill(['merge', await recordsBut(), '--out', out, '--records', join(folder, 'none')], {
    FIREDRILL_WEBHOOK_URL: 'http://127.0.0.1:1/hook',
    FIREDRILL_SLACK_WEBHOOK_URL: 'no address',
    FIREDRILL_PROMETHEUS_FILE: join(folder, 'no-such-folder', 'x.prom'),
    GITHUB_STEP_SUMMARY: join(folder, 'no-such-folder', 'summary.md'),
    FIREDRILL_NOTIFY_SECONDS: '1',
  });
  expect(result.exitCode, result.all).toBe(0);
  expect((await summaryIn(out)).verdict).toBe('pass');
  const results = JSON.parse(await readFile(join(out, 'notifications.json'), 'utf8')) as { outcome: string }[];
  expect(results.map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'failed']);
});

test('machines that have left nothing at all make the night red, and that is told', async () => {
  const out = join(folder, 'broken-off');
  const told = received.length;
  const result = await firedrill(['merge', 'no-such-folder', '--out', out, '--records', folder], environment());
  expect(result.exitCode).toBe(1);
  expect(await summaryIn(out)).toMatchObject({
    verdict: 'fail',
    unreadable: ['no-such-folder: there is neither a record nor a summary'],
  });
  expect(received.slice(told).map(({ path }) => path)).toEqual(['/hook']);
});

test.for<[string, string[], RegExp]>([
  ['a shard that is none', ['nightly', '--shard', '5/4'], /no such shard.*`5\/4`/],
  [
    'a sabotage that nobody knows',
    ['nightly', '--dry-run', '--sabotage', 'no-such-thing'],
    /no drill of this night has/,
  ],
  ['nothing to merge', ['merge'], /missing required argument/],
])('%s is wrong usage', async ([, args, message]) => {
  const result = await firedrill(args);
  expect(result.exitCode).toBe(3);
  expect(result.all).toMatch(message);
});
