import type { Mistake, Vocabulary } from './load.ts';
import type { RunbookFile } from './schema.ts';

/** Mistakes that only show between parts of a runbook: names that nothing answers to, names given twice. */
export function crossReferences(file: RunbookFile, { actions, systems }: Vocabulary): Mistake[] {
  return [
    ...unknown(['system'], file.system, systems, 'system'),
    ...Object.entries(file.scenarios).flatMap(([id, scenario]) => [
      ...unknown(['scenarios', id, 'service'], scenario.service, Object.keys(file.services), 'service of the runbook'),
      ...scenario.steps.flatMap(({ action }, index) =>
        action === undefined ? [] : unknown(['scenarios', id, 'steps', index, 'action'], action, actions, 'action'),
      ),
      ...twice(scenario.steps.map((step) => step.id)).map((index) => ({
        path: ['scenarios', id, 'steps', index, 'id'],
        message: `scenarios.${id}.steps: expected each step's id once, actual \`${scenario.steps[index]?.id}\` again`,
      })),
    ]),
    ...unknown(['smoke', 'detectBy'], file.smoke.detectBy, probeNames(file), 'probe of the runbook'),
    ...twice(probeNames(file)).map((index) => ({
      path: ['smoke', 'probes', index, 'name'],
      message: `smoke.probes: expected each name once, actual \`${file.smoke.probes[index]?.name}\` again`,
    })),
  ];
}

function probeNames({ smoke }: RunbookFile): string[] {
  return smoke.probes.map((probe) => probe.name);
}

function unknown(path: PropertyKey[], name: string, known: readonly string[], kind: string): Mistake[] {
  if (known.includes(name)) return [];
  return [{ path, message: `${path.join('.')}: expected a known ${kind} (${known.join(', ')}), actual \`${name}\`` }];
}

/** Places at which a value stands that stood before. */
function twice(values: readonly string[]): number[] {
  return values.flatMap((value, index) => (values.indexOf(value) < index ? [index] : []));
}
