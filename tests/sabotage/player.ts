import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { systemClock } from '../../domain/clock.ts';
import type { DrillRecord } from '../../domain/record.ts';
import { newRunId } from '../../harness/run-id.ts';
import { projectFolder } from '../../harness/project.ts';
import { removeOrphan } from '../../stack/orphans.ts';
import { userEnvironment } from '../command.ts';
import { recordIn } from '../firedrill.ts';
import type { Job, Played } from './player-process.ts';

/** A run that was played in a process of several. */
export interface PlayedRun {
  record: DrillRecord;
  /** What it would have printed. */
  output: string;
  /** What it left in its process: nothing, or the next run there is not on its own. */
  left: string[];
}

/** Played with the memory of a drill, but for garbage: that may grow further before it is collected. */
const nodeOptions = ['--max-old-space-size=200', '--max-semi-space-size=32'];
const playerEntry = join(import.meta.dirname, 'player-process.ts');

/**
 * Processes that play drills for tests, each one drill at a time. A process that dies fails the run that was on, by name, and
 * what that run has left is removed; the next one is played in a new process.
 */
export class Players implements AsyncDisposable {
  readonly #entry: string;
  readonly #idle: ChildProcess[] = [];
  readonly #all = new Set<ChildProcess>();

  constructor(entry = playerEntry) {
    this.#entry = entry;
  }

  /** Plays a drill, its record in `job.options.out`. Rejects where there was none, and names drill and sabotage. */
  async play(job: Job & { options: { out: string } }): Promise<PlayedRun> {
    const { drill, options } = job;
    const runId = newRunId(drill, systemClock.now());
    const named = options.sabotage === undefined ? drill : `${drill} --sabotage ${options.sabotage}`;
    const player = this.#idle.pop() ?? (await this.#start());
    const played = await answerOf(player, { ...job, options: { ...options, runId } });
    if ('died' in played) {
      const left = await removeOrphan({ runId });
      const rest = left.length === 0 ? 'what it left was removed' : `left: ${left.map(({ name }) => name).join(', ')}`;
      throw new Error(`${named}: the process that played it ended, ${played.died}; ${rest}`);
    }
    this.#idle.push(player);
    const { output, left, error } = played;
    if (error !== undefined) throw new Error(`${named}: ${error}\n${output}`);
    return { record: await recordIn(options.out), output, left };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const players = [...this.#all];
    const ended = players.map((player) => once(player, 'exit'));
    // One that still plays cleans up first.
    for (const player of players) player.disconnect();
    await Promise.all(ended);
  }

  async #start(): Promise<ChildProcess> {
    const player = fork(this.#entry, {
      execArgv: nodeOptions,
      cwd: projectFolder,
      // In a group of its own: after Ctrl-C it hears that its parent is gone, and cleans up.
      detached: true,
      env: userEnvironment(),
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#all.add(player);
    player.once('exit', () => this.#all.delete(player));
    await Promise.race([once(player, 'message'), once(player, 'exit').then(([code]) => diedAtStart(code))]);
    return player;
  }
}

function diedAtStart(code: unknown): never {
  throw new Error(`the process that plays drills did not start: exit code ${String(code)}`);
}

/** What a process answers to a job, or how it died of it. */
async function answerOf(player: ChildProcess, job: Job): Promise<Played | { died: string }> {
  const { promise, resolve } = Promise.withResolvers<Played | { died: string }>();
  let errors = '';
  const hear = (chunk: Buffer): void => void (errors = `${errors}${chunk.toString()}`.slice(-4_000));
  const die = (code: number | null, signal: string | null): void =>
    resolve({ died: `${signal ?? `exit code ${code}`}${errors === '' ? '' : `: ${errors.trim()}`}` });
  player.stderr?.on('data', hear);
  // Once its output is read to the end.
  player.once('close', die);
  player.once('message', (message) => resolve(message as Played));
  // Why it could not be sent is told by its end.
  player.send(job, () => undefined);
  try {
    return await promise;
  } finally {
    player.stderr?.off('data', hear);
    player.off('close', die);
  }
}
