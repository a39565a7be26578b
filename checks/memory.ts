import { finding, type Finding } from '../domain/finding.ts';

/** The greatest memory that a process has held. */
export interface ProcessMemory {
  name: string;
  peakBytes: number;
}

/** `memory`: each of our own processes stayed under the limit. None measured proves nothing. */
export function judgeMemory(processes: readonly ProcessMemory[], limitBytes: number): Finding {
  const over = processes.filter(({ peakBytes }) => !(peakBytes < limitBytes));
  const greatest = Math.max(0, ...processes.map(({ peakBytes }) => peakBytes));
  return finding('memory', processes.length > 0 && over.length === 0, {
    expected: `each of our own processes under ${megabytes(limitBytes)}`,
    actual: processes.length === 0 ? 'no process was measured' : `at most ${megabytes(greatest)}`,
    evidence: over.map(({ name, peakBytes }) => `${name}: ${megabytes(peakBytes)}`),
    recommendation: 'Run with fewer rows, and find out what holds the memory.',
    otherwise: processes.length === 0 ? 'inconclusive' : 'fail',
  });
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1_000_000)} MB`;
}
