import { generateKeyPairSync } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../domain/clock.ts';
import { knownKeys } from '../../evidence/keys.ts';
import { keyIdOf } from '../../evidence/signer.ts';
import { isoDay } from '../../quarterly/period.ts';
import { firedrill } from '../firedrill.ts';
import { isSigned, recordsBut, startSink, summaryIn, type Sink } from './night-support.ts';
import { workflowPlayer, type PlayedStep, type WorkflowPlayer } from './workflow-steps.ts';

/** Two nights by the scripts of the workflow, one drill is due; the second is sabotaged. Then the report on them. */
const drill = 'db-loss';
const shardOfDrill = '2';
const secret = 'of the test';
const shards = ['1', '2', '3'];

const { privateKey, publicKey } = generateKeyPairSync('ed25519');

let folder: string;
let sink: Sink;
let player: WorkflowPlayer;
let metrics: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firedrill-night-'));
  sink = await startSink();
  metrics = join(folder, 'firedrill.prom');
  player = await workflowPlayer(folder, {
    FIREDRILL_WEBHOOK_URL: `${sink.address}/hook`,
    FIREDRILL_WEBHOOK_SECRET: secret,
    FIREDRILL_PING_URL: `${sink.address}/ping`,
    FIREDRILL_PROMETHEUS_FILE: metrics,
    FIREDRILL_REPORT_LINK: 'https://ci.example/1',
    FIREDRILL_SIGNING_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    GITHUB_STEP_SUMMARY: join(folder, 'step-summary.md'),
  });
  await cp(await recordsBut(folder, drill), join(folder, 'records'), { recursive: true });
});
afterAll(async () => {
  await sink[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

interface Night {
  drills: PlayedStep[];
  merge: PlayedStep;
}

/** Plays a step of the nightly workflow. */
const play = (job: string, step: string, environment: Record<string, string> = {}): Promise<PlayedStep> =>
  player.play('nightly-drill.yml', job, step, environment);

/** A step that never fails. */
async function playGreen(...args: Parameters<typeof play>): Promise<void> {
  const { exitCode, all } = await play(...args);
  expect(exitCode, all).toBe(0);
}

/** Every script of a night; that a red one does not end it is what `if: always()` says in the workflow. */
async function playNight(id: string, sabotage = ''): Promise<Night> {
  sink.received.length = 0;
  for (const name of ['night', 'merged', 'step-summary.md'])
    await rm(join(folder, name), { recursive: true, force: true });
  const drills: PlayedStep[] = [];
  for (const SHARD of shards) {
    await playGreen('drill', 'Signing key');
    drills.push(await play('drill', 'Drills that are due', { NIGHT: id, SHARD, SABOTAGE: sabotage }));
    await playGreen('drill', 'The key goes no further');
  }
  // What the artefacts of the machines are to the job that sums them up.
  await cp(join(folder, 'evidence', 'runs', id), join(folder, 'night'), { recursive: true });
  const merge = await play('summary', 'One summary, told to those who want to know');
  await playGreen('summary', 'Records for the next night');
  return { drills, merge };
}

const metric = async (name: string): Promise<string | undefined> =>
  (await readFile(metrics, 'utf8')).split('\n').find((line) => line.startsWith(name));
const success = `firedrill_last_success_timestamp_seconds{drill="${drill}"}`;
const nightSuccess = 'firedrill_nightly_last_success_timestamp_seconds';

/** What the plan says of the drill, with the records that the nights have kept. */
async function planned(): Promise<string> {
  const { stdout } = await firedrill(['nightly', '--dry-run', '--records', join(folder, 'records')]);
  return stdout.split('\n').find((line) => line.includes(` ${drill} `)) ?? '';
}

describe('a night that is green', { timeout: 300_000 }, () => {
  let night: Night;
  beforeAll(async () => {
    night = await playNight('one');
  }, 300_000);

  test('plays what is due, on one of the machines, and ends 0', async () => {
    for (const { exitCode, all } of [...night.drills, night.merge]) expect(exitCode, all.slice(-3_000)).toBe(0);
    expect(await summaryIn(join(folder, 'merged'))).toMatchObject({
      verdict: 'pass',
      rows: [{ drill, source: `shard-${shardOfDrill}`, verdict: 'pass', state: 'finished', rows: 200 }],
      unreadable: [],
    });
    expect(await readFile(join(folder, 'step-summary.md'), 'utf8')).toContain('# Nightly drill: ✔ PASS');
  });

  test('is told once, signed, and to the dead man', async () => {
    expect(sink.received.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /hook', 'GET /ping']);
    const [hook] = sink.received;
    if (!hook) throw new Error('nothing was told');
    expect(isSigned(hook, secret)).toBe(true);
    expect(isSigned({ ...hook, body: hook.body.replace('"pass"', '"fail"') }, secret)).toBe(false);
    expect(isSigned(hook, 'another')).toBe(false);
    expect(await metric(success)).toMatch(/ \d+(\.\d+)?$/);
    expect(await metric(nightSuccess)).toMatch(/ \d+(\.\d+)?$/);
  });

  test('is known to the next one', async () => {
    expect(await planned()).toMatch(/^not due +db-loss +next on \d{4}-\d\d-\d\d$/);
  });
});

describe('the next one, sabotaged', { timeout: 300_000 }, () => {
  let night: Night;
  let before: (string | undefined)[];
  const red = (): string => join(folder, 'night', `shard-${shardOfDrill}`);

  beforeAll(async () => {
    const records = join(folder, 'records');
    const ofDrill = (await readdir(records)).filter((name) => name.startsWith(`${drill}-`));
    for (const name of ofDrill) await rm(join(records, name), { recursive: true });
    before = [await metric(success), await metric(nightSuccess)];
    night = await playNight('two', 'row-missing');
  }, 300_000);

  test('exits 1 on the machine that had the drill, and when it is summed up', async () => {
    expect(night.drills.map(({ exitCode }) => exitCode)).toEqual([0, 1, 0]);
    expect(night.merge.exitCode, night.merge.all.slice(-3_000)).toBe(1);
    expect(await summaryIn(join(folder, 'merged'))).toMatchObject({
      verdict: 'fail',
      rows: [{ drill, source: 'shard-2', verdict: 'fail', sabotage: 'row-missing', state: 'finished', rows: 200 }],
      flaky: [],
    });
    expect(await readFile(join(folder, 'step-summary.md'), 'utf8')).toContain('# Nightly drill: ✖ FAIL');
  });

  test('is told to the webhook, signed, and not to the dead man', async () => {
    expect(sink.received.map(({ path }) => path)).toEqual(['/hook']);
    const [hook] = sink.received;
    if (!hook) throw new Error('nothing was told');
    expect(isSigned(hook, secret)).toBe(true);
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
    expect([await metric(success), await metric(nightSuccess)]).toEqual(before);
    expect(before).not.toContain(undefined);
    expect(await metric(`firedrill_verdict{drill="${drill}",verdict="fail"}`)).toMatch(/ 1$/);
  });

  test('leaves the drill due', async () => {
    expect(await planned()).toMatch(/^due +db-loss +/);
  });

  test('is red when it is merged, once however often its records are there; nothing else changes that', async () => {
    await cp(red(), join(folder, 'again'), { recursive: true });
    const merged = join(folder, 'merged-again');
    const wrong = { FIREDRILL_WEBHOOK_URL: 'http://127.0.0.1:1/hook', FIREDRILL_NOTIFY_SECONDS: '1' };
    const result = await firedrill(
      ['merge', red(), join(folder, 'again'), '--out', merged, '--records', folder],
      wrong,
    );
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toMatch(/firedrill: webhook failed: /);
    expect((await summaryIn(merged)).rows).toHaveLength(1);
  });

  test('a machine that broke off before its summary is not forgotten', async () => {
    const broken = join(folder, 'broken-night');
    await cp(red(), join(broken, 'shard-1'), { recursive: true });
    await mkdir(join(broken, 'shard-2'));
    const merged = join(folder, 'merged-night');
    await firedrill(['merge', broken, '--out', merged, '--records', folder]);
    expect(await summaryIn(merged)).toMatchObject({
      rows: [{ drill, source: 'shard-1' }],
      unreadable: ['shard-2: there is neither a record nor a summary'],
    });
  });

  test('two different records of its run are an error', async () => {
    const file = join(folder, 'again', drill, 'drill.json');
    await writeFile(file, (await readFile(file, 'utf8')).replace('"verdict": "fail"', '"verdict": "pass"'));
    const result = await firedrill(['merge', red(), join(folder, 'again'), '--out', join(folder, 'never')]);
    expect(result.exitCode).toBe(3);
    expect(result.all).toMatch(/two records of the run db-loss-.* differ/);
  });
});

describe('the report on the quarter', () => {
  const file = (name: string): Promise<string> => readFile(join(folder, 'quarter', name), 'utf8');

  beforeAll(async () => {
    await rm(join(folder, 'step-summary.md'));
    const [FROM = '', TO = ''] = [-1, 1].map((days) =>
      isoDay(new Date(systemClock.now().getTime() + days * 86_400_000)),
    );
    const days = { FROM, TO };
    for (const [step, more] of [['Quarterly report', days] as const, ['Summary of the job', {}] as const]) {
      const { exitCode, all } = await player.play('quarterly-report.yml', 'report', step, more);
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

  test('rests on a ledger that nobody can sign who has it: its key is a secret', async () => {
    const keys = await knownKeys(join(folder, 'evidence', 'ledger', 'keys'));
    expect(keys).toMatchObject([{ keyId: keyIdOf(publicKey), canSign: false }]);
  });
});
