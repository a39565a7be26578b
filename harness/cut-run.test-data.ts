import type { DrillRecord } from '../domain/record.ts';
import type { PhaseName } from '../domain/timeline.ts';
import type { DrillContext } from './context.ts';
import type { DrillDefinition, DrillStep } from './definition.ts';
import type { DrillRun } from './run.ts';

/** Where and how a run is cut: by an error in a step, by Ctrl-C in it, or by Ctrl-C right after it. */
export interface Cut {
  /** Name of the step. */
  at: string;
  how: 'error' | 'interrupt' | 'interrupt-after';
}

/** What the steps of the run that is on did. */
export interface Played {
  run?: DrillRun;
  cut?: Cut;
  /** Steps that were begun, in their order, with their phases. */
  begun: { name: string; phase: PhaseName }[];
  /** Those of them that came to their judgement. */
  judged: string[];
}

/** The check that every fake judges as passed: findings have names of the catalogue. */
export const fakeCheck = 'backup.latest';

export const played: Played = { begun: [], judged: [] };

/** A step of that name that starts and asks nothing: it notes something, judges one check as passed, and is cut if it is its turn. */
function fakeStep(name: string, phase: PhaseName, more: (context: DrillContext) => void = () => {}): DrillStep {
  return {
    name,
    title: `The step ${name}`,
    phase,
    execute: async (context) => {
      played.begun.push({ name, phase });
      context.progress().info(`${name} is on`);
      if (played.cut?.at === name && played.cut.how === 'error') throw new Error(`${name} broke`);
      if (played.cut?.at === name && played.cut.how === 'interrupt') {
        played.run?.interrupt('SIGINT');
        context.signal.throwIfAborted();
      }
      // Side by side: the others are on as well when one of them is cut.
      await new Promise((resolve) => setTimeout(resolve, 2));
      if (phase !== 'clean-up') context.signal.throwIfAborted();
      more(context);
      played.judged.push(name);
      context.judge([{ check: fakeCheck, verdict: 'pass', expected: 'nothing', actual: 'nothing' }]);
      if (played.cut?.at === name && played.cut.how === 'interrupt-after') played.run?.interrupt('SIGTERM');
    },
  };
}

/** A module of steps or actions with fakes in place of all that can be executed. */
export function withFakes(module: object, more?: (context: DrillContext) => void): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(module).map(([key, value]) => [
      key,
      isStep(value) ? { ...value, ...fakeStep(value.name, value.phase, more) } : value,
    ]),
  );
}

function isStep(value: unknown): value is DrillStep {
  return typeof value === 'object' && value !== null && 'execute' in value && 'phase' in value;
}

/** What the fault leaves for the steps after it. */
export function struck({ record, state, recorder, clock, fault }: DrillContext): void {
  const at = clock.now();
  const atMs = clock.monotonicMs();
  record.fault = { name: fault.name, title: fault.title, injectedAt: at.toISOString(), observed: [], bitten: true };
  state.fault = { struck: fault, injectedAt: at, injectedMs: atMs, detectedAt: at, detectedMs: atMs };
  recorder.phases.enter('detect', atMs);
}

/** A drill of a scenario of the project's runbook, under the name that it has there, whose own steps do nothing. */
export function fakeDrill(scenario: string, name: string): DrillDefinition {
  return {
    name,
    runbook: 'artfromromania',
    scenario,
    backUp: [fakeStep('save', 'backup')],
    fault: {
      name: 'fake',
      title: 'A fault',
      claims: [],
      inject: async () => {},
      observe: async () => [],
      lift: async () => {},
    },
    steadyState: [fakeStep('probe', 'steady-state'), fakeStep('policy', 'steady-state')],
    verify: [fakeStep('objectives', 'hand-over')],
    handOver: [fakeStep('copy', 'hand-over'), fakeStep('scan', 'hand-over')],
    controls: [],
  };
}

/** Phases of which a text says that they were begun, and not reached. */
export function phasesTold(text: string): { begun: string[]; notReached: string[] } {
  const all = (pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, phase = '']) => phase);
  return { begun: all(/the phase “([^”]+)” was begun/g), notReached: all(/the phase “([^”]+)” was not reached/g) };
}

/** Phases that the table of phases in a Markdown report names. */
export function phasesInTable(markdown: string): string[] {
  const lines = (markdown.split('Phases of the run, in their order')[1] ?? '').split('\n').slice(2);
  const rows = lines.slice(
    0,
    lines.findIndex((line) => line === ''),
  );
  return rows.flatMap((row) => /^\| ([a-z][a-z-]+) \|/.exec(row)?.[1] ?? []);
}

/** Steps of the runbook by what became of them. */
export function stepsBy(record: DrillRecord, status: DrillRecord['steps'][number]['status']): string[] {
  return record.steps.filter((step) => step.status === status).map(({ id }) => id);
}
