import { wholeSystem } from '../domain/runbook.ts';
import { unknownName as quoteUnknown } from '../domain/nearest.ts';
import { sensitivityOfName } from '../domain/sensitive-names.ts';
import type { Mistake, Vocabulary } from './vocabulary.ts';
import { listOf, recordOf } from './written.ts';

/**
 * Mistakes that only show between parts of a runbook: names that nothing answers to, names given twice. Works on what
 * was written, valid or not, so that these are told together with all others; what is not of the form is passed over,
 * since the schema tells it.
 */
export function crossReferences(written: unknown, { actions, systems, drills }: Vocabulary): Mistake[] {
  const file = recordOf(written);
  const services = Object.keys(recordOf(file['services']));
  const smoke = recordOf(file['smoke']);
  const probeNames = listOf(smoke['probes']).map((probe) => recordOf(probe)['name']);
  const known = { services, actions: Object.keys(actions), drills, probeNames };
  return [
    ...unknownName(['system'], file['system'], Object.keys(systems), 'system'),
    ...Object.entries(recordOf(file['scenarios'])).flatMap(([id, scenario]) =>
      scenarioMistakes(['scenarios', id], recordOf(scenario), known),
    ),
    ...unknownName(['smoke', 'detectBy'], smoke['detectBy'], probeNames, 'probe of the runbook'),
    ...givenTwice(['smoke', 'probes'], 'name', probeNames),
    ...cadenceMistakes(recordOf(file['cadence']), Object.keys(recordOf(file['scenarios']))),
    ...keptMistakes(recordOf(recordOf(file['masking'])['tables'])),
    ...availabilityMistakes(recordOf(recordOf(file['availability'])['probes']), known),
  ];
}

function cadenceMistakes(cadence: Record<string, unknown>, scenarios: readonly string[]): Mistake[] {
  return listOf(cadence['exercises']).flatMap((exercise, index) =>
    listOf(recordOf(exercise)['scenarios']).flatMap((name, place) =>
      unknownName(['cadence', 'exercises', index, 'scenarios', place], name, scenarios, 'scenario of the runbook'),
    ),
  );
}

/** What is a secret or free text by its name is kept only with a reason. */
function keptMistakes(tables: Record<string, unknown>): Mistake[] {
  return Object.entries(tables).flatMap(([table, policy]) =>
    Object.entries(recordOf(recordOf(policy)['columns'])).flatMap(([column, rule]) => {
      const sensitivity = rule === 'keep' ? sensitivityOfName(column) : undefined;
      if (sensitivity === undefined) return [];
      const path = ['masking', 'tables', table, 'columns', column];
      const kind = sensitivity === 'secret' ? 'a secret' : 'free text';
      const expected = `a rule that masks it, or \`{ keep: reason }\`, since by its name it holds ${kind}`;
      return [{ path, message: `${path.join('.')}: expected ${expected}, actual \`keep\`` }];
    }),
  );
}

function availabilityMistakes(probes: Record<string, unknown>, { services, probeNames }: Known): Mistake[] {
  return Object.entries(probes).flatMap(([probe, service]) => {
    const at = ['availability', 'probes', probe];
    return [
      ...unknownName(at, probe, probeNames, 'probe of the runbook'),
      ...unknownName(at, service, services, 'service of the runbook'),
    ];
  });
}

function scenarioMistakes(
  path: readonly PropertyKey[],
  scenario: Record<string, unknown>,
  { services, actions, drills, probeNames }: Known,
): Mistake[] {
  const steps = listOf(scenario['steps']).map(recordOf);
  const ids = steps.map(({ id }) => id);
  return [
    ...unknownName([...path, 'drill'], scenario['drill'], drills, 'drill'),
    ...unknownName([...path, 'service'], scenario['service'], [...services, wholeSystem], 'service of the runbook'),
    ...unknownName([...path, 'detectBy'], scenario['detectBy'], probeNames, 'probe of the runbook'),
    ...steps.flatMap(({ action, restores, after }, index) => {
      const at = [...path, 'steps', index];
      return [
        ...unknownName([...at, 'action'], action, actions, 'action'),
        ...unknownName([...at, 'restores'], restores, services, 'service of the runbook'),
        // Only earlier ones: so no step can wait for itself.
        ...listOf(after).flatMap((id, place) =>
          unknownName([...at, 'after', place], id, ids.slice(0, index), 'step written before it'),
        ),
      ];
    }),
    ...givenTwice([...path, 'steps'], 'id', ids),
  ];
}

interface Known {
  services: readonly string[];
  actions: readonly string[];
  drills: readonly string[];
  probeNames: readonly unknown[];
}

/** A name that is not given, or is no text, is left to the schema. */
function unknownName(path: readonly PropertyKey[], name: unknown, known: readonly unknown[], kind: string): Mistake[] {
  if (typeof name !== 'string' || known.includes(name)) return [];
  const names = known.filter((candidate) => typeof candidate === 'string');
  const expected =
    names.length === 0 ? `a known ${kind}, of which there is none` : `a known ${kind} (${names.join(', ')})`;
  return [{ path, message: `${path.join('.')}: expected ${expected}, actual ${quoteUnknown(name, names)}` }];
}

function givenTwice(path: readonly PropertyKey[], key: string, values: readonly unknown[]): Mistake[] {
  return values.flatMap((value, index) => {
    if (typeof value !== 'string' || values.indexOf(value) === index) return [];
    return [
      {
        path: [...path, index, key],
        message: `${path.join('.')}: expected each ${key} once, actual \`${value}\` again`,
      },
    ];
  });
}
