import { DrillError } from '../domain/drill-error.ts';
import type { EngineName } from '../domain/service.ts';
import { containerEngine } from './containers/engine.ts';
import { findPostgresPrograms, installPostgres } from './native/postgres-programs.ts';

export const installEngine =
  'Install and start a container engine (Docker or Podman), or name its socket in DOCKER_HOST.';

const expectations: Record<EngineName | 'either', string> = {
  containers: 'a container engine that answers',
  native: 'PostgreSQL on this machine',
  either: 'a container engine that answers, or PostgreSQL on this machine',
};

/**
 * The engine to run on: the asked one if it can be used, else containers where an engine answers, else native. Throws
 * a `DrillError` (`engine-missing`) that says what to install.
 */
export async function chooseEngine(asked?: EngineName): Promise<EngineName> {
  const containers = asked === 'native' ? undefined : await containerEngine();
  if (containers !== undefined && 'version' in containers) return 'containers';
  const native = asked === 'containers' ? undefined : await findPostgresPrograms();
  if (native !== undefined && 'version' in native) return 'native';
  const reasons = [containers, native].filter((found) => found !== undefined && 'missing' in found);
  throw new DrillError({
    code: 'engine-missing',
    what: asked === undefined ? 'no engine can be used' : `the engine "${asked}" cannot be used`,
    expected: expectations[asked ?? 'either'],
    actual: reasons.map(({ missing }) => missing).join('; '),
    hint: [containers && installEngine, native && installPostgres].filter(Boolean).join('\n'),
  });
}
