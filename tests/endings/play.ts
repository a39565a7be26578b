import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from '../../programs/execa.ts';
import { askUntil } from '../../domain/ask-until.ts';
import { systemClock } from '../../domain/clock.ts';
import { endings, type EndingName } from '../../domain/ending.ts';
import { findMarkedProcesses } from '../../stack/marks/marked-processes.ts';
import type { ProjectCopy } from './project-copy.ts';
import { heldVariable } from './held-steps.ts';

/** When a run is ended. */
export interface Moment {
  name: string;
  /** The step that holds then. */
  held?: string;
  /** Text on screen or in the timeline, which is waited for; `undefined` for at once. */
  after?: string;
}

/** What there is once a run was ended. */
export interface Ended {
  /** As a shell tells it: 128 and the signal for a process that died of it. */
  exitCode: number;
  stderr: string;
  /** Names in the temporary folder, and processes with the marks of the run. */
  left: string[];
  /** States of the ledger's runs, `open` for one that was not closed. */
  runs: string[];
  report: string;
  timeline: string;
  endedWithinMs: number;
}

export interface Played {
  copy: ProjectCopy;
  moment: Moment;
  ending: EndingName;
  environment?: Record<string, string>;
}

const signalNumbers: Record<string, number> = { SIGHUP: 1, SIGINT: 2, SIGPIPE: 13, SIGTERM: 15 };

/** Runs a drill of the copy and ends it at a moment: by a signal to its terminal's group or to it alone, or by its reader. */
export async function playEnding({ copy, moment, ending, environment = {} }: Played): Promise<Ended> {
  const id = createHash('sha256').update(`${moment.name} ${ending}`).digest('hex').slice(0, 8);
  const [out, ledger] = [join(copy.out, id), join(copy.out, `${id}-ledger`)];
  const args = ['run', 'db-loss', '--engine', 'native', '--rows', '100', '--out', out, '--ledger', ledger];
  const kept = Object.entries(process.env).filter(([name]) => !/^(VITEST|TEST$|NODE_ENV$)/.test(name));
  const running = execa(process.execPath, [join(copy.project, 'bin', 'firedrill.ts'), ...args], {
    cwd: copy.project,
    env: {
      ...Object.fromEntries(kept),
      ...copy.environment,
      ...environment,
      ...(moment.held !== undefined && { [heldVariable]: moment.held }),
    },
    extendEnv: false,
    reject: false,
    buffer: false,
    // A group of its own, as of a job in a terminal.
    detached: true,
  });
  let screen = '';
  let stderr = '';
  running.stdout.setEncoding('utf8').on('data', (text: string) => (screen += text));
  running.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  running.stdout.on('error', () => undefined);
  const timelineFile = join(out, 'timeline.jsonl');
  const timeline = (): Promise<string> => readFile(timelineFile, 'utf8').catch(() => '');
  let over = false;
  void running.finally(() => (over = true));
  const { after } = moment;
  if (after !== undefined) {
    const isThere = async (): Promise<boolean> => over || `${screen}${await timeline()}`.includes(after);
    const seen = await askUntil(isThere, { clock: systemClock, withinMs: 120_000 });
    if (!seen || over) throw new Error(`${after} never came:\n${screen}\n${stderr}`);
  }
  const startedMs = systemClock.monotonicMs();
  const { pid } = running;
  if (ending === 'SIGPIPE') running.stdout.destroy();
  // Ctrl-C and the end of a terminal reach all processes of the job, `kill` the one.
  else if (pid !== undefined) process.kill(ending === 'SIGTERM' ? pid : -pid, ending);
  const { exitCode, signal } = await running;
  const endedWithinMs = systemClock.monotonicMs() - startedMs;
  return {
    exitCode: exitCode ?? 128 + (signalNumbers[signal ?? ''] ?? 0),
    stderr,
    left: [...(await namesIn(copy.temporary, out)), ...processesOf(screen)],
    runs: await statesOf(ledger),
    report: await readFile(join(out, 'report.md'), 'utf8').catch(() => ''),
    timeline: await timeline(),
    endedWithinMs,
  };
}

/** What a shell tells of an ending. */
export function exitCodeOf(ending: EndingName): number {
  return endings[ending].exitCode;
}

/** Runs side by side share the temporary folder: what is left is named after the run. */
async function namesIn(temporary: string, out: string): Promise<string[]> {
  const record = await readFile(join(out, 'drill.json'), 'utf8').catch(() => '{}');
  const { runId } = JSON.parse(record) as { runId?: string };
  return (await readdir(temporary)).filter((name) => runId !== undefined && name.includes(runId));
}

function processesOf(screen: string): string[] {
  const runId = /, run \d+ \((\S+)\)/.exec(screen)?.[1];
  return findMarkedProcesses().flatMap((entry) => (entry.runId === runId ? [entry.what] : []));
}

/** The states of a ledger's runs, `open` for each that was not closed. */
export async function statesOf(ledger: string): Promise<string[]> {
  const entries = await readFile(join(ledger, 'ledger.jsonl'), 'utf8').catch(() => '');
  const lines = entries
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { kind: string; end?: { state: string } });
  const begun = lines.filter(({ kind }) => kind === 'begun').length;
  const closed = lines.flatMap(({ end }) => end?.state ?? []);
  return [...closed, ...Array.from({ length: begun - closed.length }, () => 'open')];
}
