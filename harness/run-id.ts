import { randomBytes } from 'node:crypto';

/** A new run's id: drill, start in UTC, and four hex digits that keep two runs of one second apart. */
export function newRunId(drill: string, startedAt: Date): string {
  const stamp = startedAt.toISOString().replace(/[-:]/g, '').replace(/\.\d+/, '');
  return `${drill}-${stamp}-${randomBytes(2).toString('hex')}`;
}
