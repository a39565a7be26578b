import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Status, type TestResult } from 'allure-js-commons';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../domain/clock.ts';
import { knownKeys } from '../../evidence/keys.ts';
import { isoDay } from '../../quarterly/period.ts';
import { firedrill } from '../firedrill.ts';
import { drill, shardOfDrill, startNights, type Night, type Nights } from './night-play.ts';
import { isSigned, summaryIn } from './night-support.ts';

/** Two nights by the scripts of the workflow, one drill is due; the second is sabotaged. Then the reports on them. */
let nights: Nights;
let folder: string;
let green: Night;
let red: Night;
/** The last successes that the metrics knew before the second night. */
let successes: (string | undefined)[];

beforeAll(async () => {
  nights = await startNights();
  ({ folder } = nights);
});
afterAll(() => nights[Symbol.asyncDispose]());

const metric = async (name: string): Promise<string | undefined> =>
  (await readFile(join(folder, 'firedrill.prom'), 'utf8')).split('\n').find((line) => line.startsWith(name));
const success = `firedrill_last_success_timestamp_seconds{drill="${drill}"}`;
const nightSuccess = 'firedrill_nightly_last_success_timestamp_seconds';

/** What the plan says of the drill, with the records that the nights have kept. */
async function planned(): Promise<string> {
  const { stdout } = await firedrill(['nightly', '--dry-run', '--records', join(folder, 'records')]);
  return stdout.split('\n').find((line) => line.includes(` ${drill} `)) ?? '';
}

/** What a line of Allure's history says of the tests of a night. */
interface AllureNight {
  testResults: Record<string, { name: string; status: string; historyId: string }>;
}

describe('a night that is green', { timeout: 600_000 }, () => {
  beforeAll(async () => {
    green = await nights.play('one');
  }, 600_000);

  test('plays what is due, on one of the machines, and ends 0', async () => {
    for (const { exitCode, all } of [...green.drills, green.merge, ...green.always])
      expect(exitCode, all.slice(-3_000)).toBe(0);
    expect(await summaryIn(join(folder, 'merged'))).toMatchObject({
      verdict: 'pass',
      rows: [{ drill, source: `shard-${shardOfDrill}`, verdict: 'pass', state: 'finished', rows: 200 }],
      unreadable: [],
    });
    expect(await readFile(join(folder, 'step-summary.md'), 'utf8')).toContain('# Nightly drill: ✔ PASS');
  });

  test('is told once, signed, and to the dead man', async () => {
    expect(nights.sink.received.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /hook', 'GET /ping']);
    const [hook] = nights.sink.received;
    if (!hook) throw new Error('nothing was told');
    expect(isSigned(hook, nights.secret)).toBe(true);
    expect(isSigned({ ...hook, body: hook.body.replace('"pass"', '"fail"') }, nights.secret)).toBe(false);
    expect(isSigned(hook, 'another')).toBe(false);
    expect(await metric(success)).toMatch(/ \d+(\.\d+)?$/);
    expect(await metric(nightSuccess)).toMatch(/ \d+(\.\d+)?$/);
  });

  test('is known to the next one', async () => {
    expect(await planned()).toMatch(/^not due +db-loss +next on \d{4}-\d\d-\d\d$/);
  });
});

describe('the next one, sabotaged', { timeout: 600_000 }, () => {
  beforeAll(async () => {
    const records = join(folder, 'records');
    const ofDrill = (await readdir(records)).filter((name) => name.startsWith(`${drill}-`));
    for (const name of ofDrill) await rm(join(records, name), { recursive: true });
    successes = [await metric(success), await metric(nightSuccess)];
    red = await nights.play('two', 'row-missing');
  }, 600_000);

  test('exits 1 on the machine that had the drill, and when it is summed up', async () => {
    expect(red.drills.map(({ exitCode }) => exitCode)).toEqual([0, 1, 0]);
    expect(red.merge.exitCode, red.merge.all.slice(-3_000)).toBe(1);
    for (const { exitCode, all } of red.always) expect(exitCode, all).toBe(0);
    expect(await summaryIn(join(folder, 'merged'))).toMatchObject({
      verdict: 'fail',
      rows: [{ drill, source: 'shard-2', verdict: 'fail', sabotage: 'row-missing', state: 'finished', rows: 200 }],
      flaky: [],
    });
    expect(await readFile(join(folder, 'step-summary.md'), 'utf8')).toContain('# Nightly drill: ✖ FAIL');
  });

  test('is told to the webhook, signed, and not to the dead man', async () => {
    expect(nights.sink.received.map(({ path }) => path)).toEqual(['/hook']);
    const [hook] = nights.sink.received;
    if (!hook) throw new Error('nothing was told');
    expect(isSigned(hook, nights.secret)).toBe(true);
    expect(JSON.parse(hook.body)).toMatchObject({
      verdict: 'fail',
      link: 'https://ci.example/1',
      drills: [{ drill, verdict: 'fail', sabotage: 'row-missing', rto: { verdict: 'pass' } }],
    });
    const notifications = await readFile(join(folder, 'merged', 'notifications.json'), 'utf8');
    expect(JSON.parse(notifications)).toEqual([
      { channel: 'webhook', outcome: 'sent', attempts: 1 },
      { channel: 'ping', outcome: 'skipped', attempts: 0, detail: 'the night was sabotaged' },
      { channel: 'prometheus', outcome: 'sent', attempts: 1 },
    ]);
  });

  test('leaves the metrics without a new success', async () => {
    expect([await metric(success), await metric(nightSuccess)]).toEqual(successes);
    expect(successes).not.toContain(undefined);
    expect(await metric(`firedrill_verdict{drill="${drill}",verdict="fail"}`)).toMatch(/ 1$/);
  });

  test('leaves the drill due', async () => {
    expect(await planned()).toMatch(/^due +db-loss +/);
  });
});

describe('the Allure report', () => {
  test('has every step with its severity, what it was run with and what it found', async () => {
    const results = await testResults('one');
    expect(results.length).toBeGreaterThan(20);
    for (const { labels, parameters } of results) {
      expect(labels).toContainEqual({ name: 'severity', value: 'critical' });
      expect(parameters).toContainEqual({ name: 'rows', value: '200', excluded: true });
    }
    const judged = results.find(({ name }) => name?.startsWith('Judge RTO'));
    expect(judged?.steps.map(({ name }) => name).join()).toContain('objectives.rto: expected at most 2h');
    const attached = results.flatMap(({ steps }) => steps.flatMap(({ attachments }) => attachments));
    expect(attached.map(({ name }) => name)).toEqual(['report.html', 'drill.json']);
    const failed = (await testResults('two')).filter(({ status }) => status === Status.FAILED);
    expect(failed.map(({ name }) => name)).toEqual(['Step 4: Verify Restore']);
    const found = failed.flatMap(({ steps }) => steps).filter(({ status }) => status === Status.FAILED);
    expect(found.map(({ name }) => name).join('\n')).toContain('integrity.rows: expected ');
  });

  test('has a gate that only a green night passes', () => {
    expect(green.allure.exitCode, green.allure.all).toBe(0);
    expect(red.allure.exitCode).toBe(1);
    expect(red.allure.all).toContain('maxFailures');
  });

  test('goes on with the history of the night before, and loads nothing', async () => {
    const nights = (await readFile(join(folder, 'records', 'allure-history.jsonl'), 'utf8')).trim().split('\n');
    expect(nights).toHaveLength(2);
    const [before, after] = nights.map((line) => Object.values((JSON.parse(line) as AllureNight).testResults));
    const verdictIn = (results: typeof before) => results?.find(({ name }) => name === 'Verdict of the drill');
    expect([verdictIn(before)?.status, verdictIn(after)?.status]).toEqual(['passed', 'failed']);
    expect(verdictIn(before)?.historyId).toBe(verdictIn(after)?.historyId);
    const html = await readFile(join(folder, 'allure', 'index.html'), 'utf8');
    expect(html).not.toMatch(/<(?:script|link|img)[^>]*(?:src|href)="https?:/);
    expect(html).not.toContain('googletagmanager');
  });

  async function testResults(id: string): Promise<TestResult[]> {
    const results = join(folder, 'evidence', 'runs', id, `shard-${shardOfDrill}`, drill, 'allure-results');
    const files = (await readdir(results)).filter((name) => name.endsWith('-result.json'));
    return Promise.all(
      files.map(async (name) => JSON.parse(await readFile(join(results, name), 'utf8')) as TestResult),
    );
  }
});

describe('the report on the quarter', () => {
  const file = (name: string): Promise<string> => readFile(join(folder, 'quarter', name), 'utf8');

  beforeAll(async () => {
    await rm(join(folder, 'step-summary.md'));
    const [FROM = '', TO = ''] = [-1, 1].map((days) =>
      isoDay(new Date(systemClock.now().getTime() + days * 86_400_000)),
    );
    const days = { FROM, TO };
    for (const step of ['Quarterly report', 'Dashboard over all runs', 'Summary of the job']) {
      const { exitCode, all } = await nights.player.play('quarterly-report.yml', 'report', step, days);
      expect(exitCode, all).toBe(0);
    }
  });

  test('knows both nights, by their numbers in one ledger that verifies', async () => {
    expect(JSON.parse(await file('quarterly.json'))).toMatchObject({
      runs: [
        { number: 1, drill, outcome: 'green' },
        { number: 2, drill, outcome: 'sabotaged', sabotage: 'row-missing' },
      ],
      ledger: { verifies: true },
    });
    expect(await readFile(join(folder, 'step-summary.md'), 'utf8')).toBe(await file('quarterly.md'));
    const verified = await firedrill(['verify', 'ledger', '--ledger', join(folder, 'evidence', 'ledger')]);
    expect(verified.exitCode, verified.all).toBe(0);
  });

  test('has the dashboard beside it', async () => {
    expect(await file('history.html')).toContain('2 runs in the ledger');
  });

  test('rests on a ledger that nobody can sign who has it: its key is a secret', async () => {
    const keys = await knownKeys(join(folder, 'evidence', 'ledger', 'keys'));
    expect(keys).toMatchObject([{ keyId: nights.keyId, canSign: false }]);
  });
});
