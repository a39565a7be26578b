import { DrillError } from '../domain/drill-error.ts';
import type { ServiceName, StartChanges } from '../domain/service.ts';
import { faketimeVariables, requireFaketime } from './faketime.ts';

export interface ChangeableProgram {
  service: ServiceName;
  /** Variables by which it knows other credentials; empty where they are in its data. Absent where it has none. */
  otherCredentials: Readonly<Record<string, string>> | undefined;
}

/** What a program is started with. */
export interface ChangedStart {
  environment: Record<string, string>;
  /** The library that has to be where the program runs, by its path on this machine. */
  library?: string;
}

/**
 * How a program is started with changes; `libraryInside` is where it finds the library, if not by its path on this
 * machine. Throws a `DrillError` (`unsupported`) where it cannot be changed so.
 */
export async function changedStart(
  { service, otherCredentials }: ChangeableProgram,
  changes: StartChanges,
  libraryInside?: string,
): Promise<ChangedStart> {
  if (changes.otherCredentials && otherCredentials === undefined) {
    throw new DrillError({
      code: 'unsupported',
      service,
      what: `${service} cannot be started with other credentials`,
      expected: 'a store, which has credentials of its own',
      actual: 'a process of the application',
    });
  }
  const credentials = changes.otherCredentials ? otherCredentials : {};
  if (changes.clockOffsetMs === undefined) return { environment: { ...credentials } };
  const library = await requireFaketime(service);
  const clock = faketimeVariables(libraryInside ?? library, changes.clockOffsetMs);
  return { environment: { ...credentials, ...clock }, library };
}
