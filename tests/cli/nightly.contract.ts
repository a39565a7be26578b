import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sampleRecord } from '../../reports/sample-records.test-data.ts';
import { firedrill } from '../firedrill.ts';
import { recordsBut, startSink, summaryIn, type Sink } from './night-support.ts';

const drill = 'db-loss';
let folder: string;
let sink: Sink;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firedrill-nightly-'));
  sink = await startSink();
});
afterAll(async () => {
  await sink[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

function environment(): Record<string, string> {
  return {
    FIREDRILL_WEBHOOK_URL: `${sink.address}/hook`,
    FIREDRILL_WEBHOOK_SECRET: 'of the test',
    FIREDRILL_PING_URL: `${sink.address}/ping`,
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
    await recordsBut(folder, drill, 'full-loss'),
  ]);
  expect(result.exitCode).toBe(0);
  expect(result.stdout).toMatch(/^due +db-loss +it was never green/m);
  expect(result.stdout).toMatch(/^not due +app-failover +next on \d{4}-\d\d-\d\d$/m);
  expect(result.stdout).toMatch(/^gap: .*db-loss.*it was never run$/m);
  expect(result.stdout).toMatch(/^drawn by lot for the period from .* seed \d+/m);
  await expect(summaryIn(out)).rejects.toThrow('ENOENT');
});

test('a night on which nothing is due proves nothing, is not red, and is not told to the dead man', async () => {
  const out = join(folder, 'empty');
  const told = sink.received.length;
  const args = ['nightly', '--due-only', '--records', await recordsBut(folder), '--out', out];
  const { FIREDRILL_WEBHOOK_URL: _, ...rest } = environment();
  const result = await firedrill(args, rest);
  expect(result.exitCode, result.all).toBe(0);
  const summary = await summaryIn(out);
  expect(summary.rows).toEqual([]);
  expect(summary).not.toHaveProperty('verdict');
  expect(sink.received).toHaveLength(told);
});

test('a shard is not told: that is for the merge', async () => {
  const out = join(folder, 'shard-of-two');
  const told = sink.received.length;
  const records = await recordsBut(folder);
  const metrics = join(folder, 'never.prom');
  const args = ['nightly', '--due-only', '--shard', '1/2', '--records', records, '--out', out];
  const result = await firedrill(args, { ...environment(), FIREDRILL_PROMETHEUS_FILE: metrics });
  expect(result.exitCode, result.all).toBe(0);
  expect(await summaryIn(out)).toMatchObject({ shard: { index: 1, count: 2 } });
  expect(sink.received).toHaveLength(told);
  await expect(readFile(metrics)).rejects.toThrow('ENOENT');
});

test('a green night stays green although nobody can be told', async () => {
  const out = join(folder, 'untold');
  const result = await firedrill(['merge', await recordsBut(folder), '--out', out, '--records', join(folder, 'none')], {
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

describe('what the machines of a red night have left', () => {
  let red: string;

  beforeAll(async () => {
    red = join(folder, 'red');
    const record = { ...sampleRecord('failing'), drill, runId: `${drill}-red` };
    await mkdir(join(red, drill), { recursive: true });
    await writeFile(join(red, drill, 'drill.json'), JSON.stringify(record, undefined, 2));
    // Leaves a summary there, as the machine itself does.
    expect((await firedrill(['merge', red, '--out', red, '--records', folder])).exitCode).toBe(1);
  });

  test('are red when they are merged, once however often the records are there; nothing else changes that', async () => {
    await cp(red, join(folder, 'again'), { recursive: true });
    const merged = join(folder, 'merged-again');
    const wrong = { FIREDRILL_WEBHOOK_URL: 'http://127.0.0.1:1/hook', FIREDRILL_NOTIFY_SECONDS: '1' };
    const result = await firedrill(['merge', red, join(folder, 'again'), '--out', merged, '--records', folder], wrong);
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toMatch(/firedrill: webhook failed: /);
    expect((await summaryIn(merged)).rows).toHaveLength(1);
  });

  test('a machine that broke off before its summary is not forgotten', async () => {
    const broken = join(folder, 'broken-night');
    await cp(red, join(broken, 'shard-1'), { recursive: true });
    await mkdir(join(broken, 'shard-2'));
    const merged = join(folder, 'merged-night');
    await firedrill(['merge', broken, '--out', merged, '--records', folder]);
    expect(await summaryIn(merged)).toMatchObject({
      rows: [{ drill, source: 'shard-1' }],
      unreadable: ['shard-2: there is neither a record nor a summary'],
    });
  });

  test('two different records of one run are an error', async () => {
    const file = join(folder, 'again', drill, 'drill.json');
    await writeFile(file, (await readFile(file, 'utf8')).replace('"verdict": "fail"', '"verdict": "pass"'));
    const result = await firedrill(['merge', red, join(folder, 'again'), '--out', join(folder, 'never')]);
    expect(result.exitCode).toBe(3);
    expect(result.all).toMatch(/two records of the run db-loss-.* differ/);
  });
});

test('machines that have left nothing at all make the night red, and that is told', async () => {
  const out = join(folder, 'broken-off');
  const told = sink.received.length;
  const result = await firedrill(['merge', 'no-such-folder', '--out', out, '--records', folder], environment());
  expect(result.exitCode).toBe(1);
  expect(await summaryIn(out)).toMatchObject({
    verdict: 'fail',
    unreadable: ['no-such-folder: there is neither a record nor a summary'],
  });
  expect(sink.received.slice(told).map(({ path }) => path)).toEqual(['/hook']);
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
