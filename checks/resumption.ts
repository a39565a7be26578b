import { finding, type Finding } from '../domain/finding.ts';

export interface Resumption {
  /** One write into each store through its real path; `error` where it was not acknowledged. */
  writes: { store: string; path: string; error?: string }[];
  /** Milliseconds since the worker's last sign of life; absent when there is none. */
  heartbeatAgeMs: number | undefined;
}

/** A worker that was silent for longer than this does not live. */
const heartbeatLimitMs = 30_000;

/** `resume.writes`: every store takes writes again. `resume.worker`: the worker gave a sign of life just now. */
export function judgeResumption({ writes, heartbeatAgeMs }: Resumption): Finding[] {
  const refused = writes.flatMap(({ store, path, error }) =>
    error === undefined ? [] : [`${store} by ${path}: ${error}`],
  );
  const alive = heartbeatAgeMs !== undefined && heartbeatAgeMs < heartbeatLimitMs;
  return [
    finding('resume.writes', writes.length > 0 && refused.length === 0, {
      expected: 'every store takes a write through its real path',
      actual: `${writes.length - refused.length} of ${writes.length} acknowledged`,
      evidence: refused,
      recommendation: 'Check the credentials and grants that the application has on the recovered stores.',
    }),
    finding('resume.worker', alive, {
      expected: `a heartbeat within ${heartbeatLimitMs / 1000} s`,
      actual: heartbeatAgeMs === undefined ? 'no heartbeat' : `${(heartbeatAgeMs / 1000).toFixed(1)} s ago`,
      recommendation: 'Start the workers after the restore and watch their heartbeat.',
    }),
  ];
}
