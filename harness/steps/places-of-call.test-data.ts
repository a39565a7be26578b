import type { Finding } from '../../domain/finding.ts';
import type { DrillContext } from '../context.ts';

/** What a step has judged, and what happened in which order. */
export interface Course {
  judged: Finding[];
  order: string[];
}

/** A service that nobody asks anything of. */
export const server = { connection: {}, access: {} };

export const verdictsOf = ({ judged }: Course): Record<string, string> =>
  Object.fromEntries(judged.map(({ check, verdict }) => [check, verdict]));

/** As much of a context as a step looks at; what it judges is put down in `course`. */
export function contextOf(course: Course, parts: Record<string, unknown>): DrillContext {
  const { state, record, ...rest } = parts;
  let nowMs = 100_000;
  return {
    clock: { now: () => new Date(1_000_000), monotonicMs: () => (nowMs += 20_000) },
    signal: new AbortController().signal,
    definition: { name: 'a drill' },
    options: { keep: false },
    sabotage: {},
    disposables: [],
    progress: () => ({ info: () => {}, advance: () => {} }),
    judge: (findings: readonly Finding[]) => {
      course.order.push('judged');
      course.judged.push(...findings);
    },
    state: {
      apiUrl: 'http://127.0.0.1:1',
      tokens: {},
      database: server,
      objects: server,
      search: server,
      ...(state as object),
    },
    record: { findings: [], limitations: [], timeline: [], steps: [], rpo: [], smoke: [], ...(record as object) },
    ...rest,
  } as unknown as DrillContext;
}
