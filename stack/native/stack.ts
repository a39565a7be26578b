import type { Stack } from '../../domain/service.ts';
import { assembleStack } from '../assemble.ts';
import type { RunContext } from '../run-context.ts';
import { startNativeObjects } from './objects.ts';
import { startNativePostgres } from './postgres.ts';
import { startNativeSearch } from './search.ts';

export interface StackSettings {
  /** Name of the stack's database. */
  database: string;
  /** Over `postgresSettings`, for every server of the run. */
  postgresSettings?: Readonly<Record<string, string>>;
}

/** A stack of local processes. */
export function startNativeStack(run: RunContext, settings: StackSettings): Promise<Stack> {
  const { database, postgresSettings } = settings;
  return assembleStack(run, {
    postgres: (role) =>
      startNativePostgres(run, role, { database, ...(postgresSettings && { settings: postgresSettings }) }),
    objects: (role, service) => startNativeObjects(run, role, { service }),
    search: (role, start) => startNativeSearch(run, role, { ...start }),
  });
}
