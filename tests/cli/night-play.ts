import { generateKeyPairSync } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keyIdOf } from '../../evidence/signer.ts';
import { recordsBut, startSink, type Sink } from './night-support.ts';
import { workflowPlayer, type PlayedStep, type WorkflowPlayer } from './workflow-steps.ts';

/** The drill that is due, and the machine that it falls to. */
export const drill = 'db-loss';
export const shardOfDrill = '2';
const shards = ['1', '2', '3'];

/** What the steps of a night came to. */
export interface Night {
  drills: PlayedStep[];
  merge: PlayedStep;
  allure: PlayedStep;
  /** Signing key put and removed, records kept: steps that are never red. */
  always: PlayedStep[];
}

/** Nights by the scripts of the nightly workflow, one after the other in a folder like its checkout. */
export interface Nights extends AsyncDisposable {
  folder: string;
  sink: Sink;
  /** Signs what the sink is told. */
  secret: string;
  /** Of the ledger, whose private key is a secret of the workflow. */
  keyId: string;
  player: WorkflowPlayer;
  /** `sabotage` is what the workflow is asked for by hand; without it the night is one of the schedule. */
  play(id: string, sabotage?: string): Promise<Night>;
}

/** Prepares the folder, the sink, and records of earlier nights by which one drill is due. */
export async function startNights(): Promise<Nights> {
  const folder = await mkdtemp(join(tmpdir(), 'firedrill-night-'));
  const sink = await startSink();
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const secret = 'of the test';
  const player = await workflowPlayer(folder, {
    FIREDRILL_WEBHOOK_URL: `${sink.address}/hook`,
    FIREDRILL_WEBHOOK_SECRET: secret,
    FIREDRILL_PING_URL: `${sink.address}/ping`,
    FIREDRILL_PROMETHEUS_FILE: join(folder, 'firedrill.prom'),
    FIREDRILL_REPORT_LINK: 'https://ci.example/1',
    FIREDRILL_SIGNING_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    GITHUB_STEP_SUMMARY: join(folder, 'step-summary.md'),
  });
  await cp(await recordsBut(folder, drill), join(folder, 'records'), { recursive: true });
  return {
    folder,
    sink,
    secret,
    keyId: keyIdOf(publicKey),
    player,
    play: (id, sabotage = '') => playNight({ folder, sink, player }, id, sabotage),
    [Symbol.asyncDispose]: async () => {
      await sink[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

/** Every script of a night; that a red one does not end it is what `if: always()` says in the workflow. */
async function playNight(
  { folder, sink, player }: Pick<Nights, 'folder' | 'sink' | 'player'>,
  id: string,
  sabotage: string,
): Promise<Night> {
  const play = (job: string, step: string, environment: Record<string, string> = {}): Promise<PlayedStep> =>
    player.play('nightly-drill.yml', job, step, environment);
  sink.received.length = 0;
  for (const name of ['night', 'merged', 'step-summary.md']) {
    await rm(join(folder, name), { recursive: true, force: true });
  }
  const drills: PlayedStep[] = [];
  const always: PlayedStep[] = [];
  for (const SHARD of shards) {
    always.push(await play('drill', 'Signing key'));
    drills.push(await play('drill', 'Drills that are due', { NIGHT: id, SHARD, SABOTAGE: sabotage }));
    always.push(await play('drill', 'The key goes no further'));
  }
  // What the artefacts of the machines are to the job that sums them up.
  await cp(join(folder, 'evidence', 'runs', id), join(folder, 'night'), { recursive: true });
  const merge = await play('summary', 'One summary, told to those who want to know');
  const allure = await play('summary', 'Allure report with the history of all nights');
  always.push(await play('summary', 'Records for the next night'));
  return { drills, merge, allure, always };
}
