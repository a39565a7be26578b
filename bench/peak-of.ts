import { readdirSync, readFileSync } from 'node:fs';

/** Most memory of a process and of what it has started, in bytes. */
export interface Peak {
  /** Resident, of the process alone: what the kernel keeps (`VmHWM`, proc(5)). */
  ownBytes: number;
  /** Of what it has started, itself apart: the sum of their proportional shares (`Pss`), which counts no page twice. */
  startedBytes: number;
}

/** Samples the memory of another process until it is disposed. Linux only: elsewhere the figures stay 0. */
export function peakOf(pid: number, intervalMs = 100): Disposable & { peak(): Peak } {
  const peak: Peak = { ownBytes: 0, startedBytes: 0 };
  const timer = setInterval(() => {
    peak.ownBytes = Math.max(peak.ownBytes, kilobytes(`/proc/${pid}/status`, 'VmHWM') * 1024);
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
