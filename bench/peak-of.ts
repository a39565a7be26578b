import { readdirSync, readFileSync } from 'node:fs';

/** Most memory of a process and of what it has started, in bytes. */
export interface Peak {
  /** Resident, of the process alone: what the kernel keeps (`VmHWM`, proc(5)). */
  ownBytes: number;
  /** Of what it has started, itself apart: the sum of their proportional shares (`Pss`), which counts no page twice. */
  startedBytes: number;
  /** Processor time of the process alone, until the last look, in milliseconds. */
  processorMs: number;
}

/** A tick of `/proc/<pid>/stat` (proc(5), sysconf(_SC_CLK_TCK)): 100 a second on every Linux that Node runs on. */
const tickMs = 10;

/** Samples the memory of another process until it is disposed. Linux only: elsewhere the figures stay 0. */
export function peakOf(pid: number, intervalMs = 100): Disposable & { peak(): Peak } {
  const peak: Peak = { ownBytes: 0, startedBytes: 0, processorMs: 0 };
  const timer = setInterval(() => {
    peak.ownBytes = Math.max(peak.ownBytes, kilobytes(`/proc/${pid}/status`, 'VmHWM') * 1024);
    peak.processorMs = Math.max(peak.processorMs, ticks(pid) * tickMs);
    const shares = startedBy(pid).map((one) => kilobytes(`/proc/${one}/smaps_rollup`, 'Pss') * 1024);
    peak.startedBytes = Math.max(
      peak.startedBytes,
      shares.reduce((sum, share) => sum + share, 0),
    );
  }, intervalMs);
  return { peak: () => peak, [Symbol.dispose]: () => clearInterval(timer) };
}

/** Pids of all that a process has started, directly or not. */
function startedBy(pid: number): number[] {
  const children = safely(() => readdirSync(`/proc/${pid}/task`), []).flatMap((thread) =>
    safely(() => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8'), '')
      .trim()
      .split(' ')
      .filter(Boolean)
      .map(Number),
  );
  return [...children, ...children.flatMap(startedBy)];
}

/** User and system time, fields 14 and 15; the second one, the name, is in brackets and may hold spaces. */
function ticks(pid: number): number {
  const text = safely(() => readFileSync(`/proc/${pid}/stat`, 'utf8'), '');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
}

function kilobytes(file: string, name: string): number {
  const text = safely(() => readFileSync(file, 'utf8'), '');
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0);
}

/** A process may end between two looks. */
function safely<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
