import { DrillError } from '../domain/drill-error.ts';
import { unknownName } from '../domain/nearest.ts';
import type { Control, DrillDefinition, Fault } from './definition.ts';

/** The control that is played for real; a `DrillError` (`usage`) when the drill has no such one. */
export function chosenControl({ name, controls }: DrillDefinition, sabotage: string | undefined): Control | undefined {
  if (sabotage === undefined) return undefined;
  const control = controls.find((candidate) => candidate.name === sabotage);
  if (control) return control;
  throw new DrillError({
    code: 'usage',
    what: `the drill ${name} has no such sabotage`,
    expected: controls.map((candidate) => candidate.name).join(', '),
    actual: unknownName(
      sabotage,
      controls.map((candidate) => candidate.name),
    ),
  });
}

/** The way to recover; a `DrillError` (`usage`) when the drill does not know the one that was asked for. */
export function chosenWay({ name, from }: DrillDefinition, asked: string | undefined): string | undefined {
  const ways = Object.keys(from ?? {});
  if (asked === undefined) return ways[0];
  if (ways.includes(asked)) return asked;
  throw new DrillError({
    code: 'usage',
    what: ways.length === 0 ? `the drill ${name} knows one way to recover` : `the drill ${name} has no such way`,
    expected: ways.length === 0 ? 'no --from' : ways.join(', '),
    actual: unknownName(asked, ways),
  });
}

/** What `--fault` chooses between, the one without it first; none of a drill that knows a single fault. */
export function faultsToChoose({ fault, otherFaults = [] }: DrillDefinition): readonly Fault[] {
  return otherFaults.length === 0 ? [] : [fault, ...otherFaults];
}

/** The fault; a `DrillError` (`usage`) when the drill does not know the one that was asked for. */
export function chosenFault(definition: DrillDefinition, asked: string | undefined): Fault {
  if (asked === undefined) return definition.fault;
  const faults = faultsToChoose(definition);
  const chosen = faults.find((candidate) => candidate.name === asked);
  if (chosen) return chosen;
  const { name } = definition;
  throw new DrillError({
    code: 'usage',
    what: faults.length === 0 ? `the drill ${name} knows one fault` : `the drill ${name} has no such fault`,
    expected: faults.length === 0 ? 'no --fault' : faults.map((candidate) => candidate.name).join(', '),
    actual: unknownName(
      asked,
      faults.map((candidate) => candidate.name),
    ),
  });
}
