import { finding, type Finding } from '../domain/finding.ts';

export interface Resumption {
  /** One write into each store through its real path; `error` where it was not acknowledged. */
  writes: { store: string; path: string; error?: string }[];
  /** Milliseconds since the last sign of life of the worker, `none` when it gave none; absent for a system without workers. */
  heartbeatAgeMs?: number | 'none';
}

/** A worker that was silent for longer than this does not live. */
const heartbeatLimitMs = 30_000;

/**
 * `resume.writes`: every store takes writes again. `resume.worker`: the worker gave a sign of life just now; only judged
 * of a system that has workers.
 */
export function judgeResumption({ writes, heartbeatAgeMs }: Resumption): Finding[] {
  const refused = writes.flatMap(({ store, path, error }) =>
    error === undefined ? [] : [`${store} by ${path}: ${error}`],
  );
  const written = finding('resume.writes', writes.length > 0 && refused.length === 0, {
    expected: 'every store takes a write through its real path',
    actual: `${writes.length - refused.length} of ${writes.length} acknowledged`,
    evidence: refused,
    recommendation: 'Check the credentials and grants that the application has on the recovered stores.',
  });
  if (heartbeatAgeMs === undefined) return [written];
  const isAlive = heartbeatAgeMs !== 'none' && heartbeatAgeMs < heartbeatLimitMs;
  return [
    written,
    finding('resume.worker', isAlive, {
      expected: `a heartbeat within ${heartbeatLimitMs / 1000} s`,
      actual: heartbeatAgeMs === 'none' ? 'no heartbeat' : `${(heartbeatAgeMs / 1000).toFixed(1)} s ago`,
      recommendation: 'Start the workers after the restore and watch their heartbeat.',
    }),
  ];
}
