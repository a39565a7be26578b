import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { containerEngine } from '../../stack/containers/engine.ts';
import { removeContainersOf } from '../../stack/containers/residue.ts';
import { containerStarters, type ContainerStarters } from '../../stack/containers/stack.ts';
import { createRunContext, type RunContext } from '../../stack/run-context.ts';

/** A run of its own for a test, and what it starts. Disposing it removes all of it. */
export interface TestRun extends AsyncDisposable {
  run: RunContext;
  start: ContainerStarters;
}

export async function testRun(settings: Readonly<Record<string, string>> = {}): Promise<TestRun> {
  const run = await createRunContext({ runId: `test-${randomUUID().slice(0, 8)}`, engine: 'containers' });
  return {
    run,
    start: containerStarters(run, { database: 'app', postgresSettings: settings }),
    [Symbol.asyncDispose]: async () => {
      await removeContainersOf(run.runId);
      await run[Symbol.asyncDispose]();
    },
  };
}

/**
 * Runs a suite where a container engine answers. Where none does, its name says why it is skipped, and with
 * FIREDRILL_REQUIRE_CONTAINERS=1 a test fails for that reason.
 */
export async function describeContainers(name: string, suite: () => void): Promise<void> {
  const engine = await containerEngine();
  if ('version' in engine) {
    describe(`${name} (container engine ${engine.version})`, suite);
    return;
  }
  describe.skip(`${name}: skipped, ${engine.missing}`, suite);
  it.runIf(process.env['FIREDRILL_REQUIRE_CONTAINERS'] === '1')(
    'a container engine answers, as FIREDRILL_REQUIRE_CONTAINERS=1 asks',
    () => {
      expect(engine).toHaveProperty('version');
    },
  );
}
