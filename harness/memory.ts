import { readFile } from 'node:fs/promises';
import { judgeMemory } from '../checks/memory.ts';
import { ownProcesses } from '../stack/own-processes.ts';
import type { SharedContext } from './step-runner.ts';

/** What each of our own processes may hold in memory at most. */
const memoryLimitBytes = 400_000_000;

/** A process that holds a run beside what the run starts, and what it is. */
export interface HoldingProcess {
  pid: number;
  what: string;
}

/** Those of a run that the test runner plays for the command. */
const ofTheCommand = (): HoldingProcess[] => [
  { pid: process.pid, what: 'drill (vitest worker)' },
  { pid: process.ppid, what: 'command (vitest)' },
];

/**
 * Watches the memory of our own processes (harness, command, API, worker, stand-ins; not PostgreSQL, MinIO or
 * Meilisearch) while the run goes on. The figure is the peak that the kernel keeps (`VmHWM`, proc(5)), read again and
 * again since it is gone with the process.
 */
export class MemoryWatch {
  readonly #context: SharedContext;
  readonly #peakBytes = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;
  readonly #holders: readonly HoldingProcess[];

  constructor(context: SharedContext, holders: readonly HoldingProcess[] = ofTheCommand()) {
    this.#context = context;
    this.#holders = holders;
    this.#timer = setInterval(() => void this.sample(), 500);
    this.#timer.unref();
  }

  /** Reads the peaks as they are now. */
  async sample(): Promise<void> {
    const { stack } = this.#context.state;
    const children = stack ? await ownProcesses(stack.folder) : [];
    for (const { pid, what } of [...this.#holders, ...children]) {
      const peakBytes = await peakOf(pid);
      if (peakBytes === undefined) continue;
      this.#peakBytes.set(what, Math.max(peakBytes, this.#peakBytes.get(what) ?? 0));
    }
  }

  /** Ends the watch and judges: `memory` passes when every process stayed under the limit. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.sample();
    const { record, recorder } = this.#context;
    const processes = [...this.#peakBytes].map(([name, peakBytes]) => ({ name, peakBytes }));
    if (processes.length === 0) {
      record.limitations.push('Memory was not measured: this system does not tell the peak of a process (no /proc).');
      return;
    }
    record.memory = { limitBytes: memoryLimitBytes, processes };
    recorder.judge('clean-up', [judgeMemory(processes, memoryLimitBytes)]);
  }
}

async function peakOf(pid: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}
