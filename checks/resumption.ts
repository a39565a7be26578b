import { finding, notApplicable, type Finding } from '../domain/finding.ts';

export interface Resumption {
  /** One write into each store through its real path; `error` where it was not acknowledged. */
  writes: { store: string; path: string; error?: string }[];
  /** The last sign of life of the worker; absent for a system without workers. */
  heartbeat?: {
    /** Milliseconds since it, `none` when it gave none. */
    ageMs: number | 'none';
    /** Milliseconds since the workers were started again, or since the fault where they ran on. */
    sinceMs: number;
  };
}

/** A worker that was silent for longer than this does not live. */
const heartbeatLimitMs = 30_000;

/**
 * `resume.writes`: every store takes writes again. `resume.worker`: the worker gave a sign of life just now, and
 * after it was started again: one that came back with the restored rows proves nothing. Not applicable to a system
 * without workers.
 */
export function judgeResumption({ writes, heartbeat }: Resumption): Finding[] {
  const refused = writes.flatMap(({ store, path, error }) =>
    error === undefined ? [] : [`${store} by ${path}: ${error}`],
  );
  const written = finding('resume.writes', writes.length > 0 && refused.length === 0, {
    expected: 'every store takes a write through its real path',
    actual: `${writes.length - refused.length} of ${writes.length} acknowledged`,
    evidence: refused,
    recommendation: 'Check the credentials and grants that the application has on the recovered stores.',
  });
  if (heartbeat === undefined)
    return [
      written,
      notApplicable('resume.worker', `a heartbeat within ${heartbeatLimitMs / 1000} s`, 'the system has no worker'),
    ];
  const { ageMs } = heartbeat;
  const limitMs = Math.min(heartbeat.sinceMs, heartbeatLimitMs);
  const isAlive = ageMs !== 'none' && ageMs >= 0 && ageMs < limitMs;
  return [
    written,
    finding('resume.worker', isAlive, {
      expected: `a heartbeat within ${heartbeatLimitMs / 1000} s, and after the workers were started ${inSeconds(heartbeat.sinceMs)} ago`,
      actual: ageMs === 'none' ? 'no heartbeat' : `${inSeconds(ageMs)} ago`,
      recommendation: 'Start the workers after the restore and watch their heartbeat.',
    }),
  ];
}

function inSeconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(1)} s`;
}
