import { fileURLToPath } from 'node:url';
import { DrillError } from '../../domain/drill-error.ts';
import { findOnPath, isProgram } from './find-program.ts';

/** What a store of the native engine runs on: a program of this machine, or the built-in stand-in. */
export type StoreProgram = { kind: 'binary'; file: string } | { kind: 'stand-in'; file: string; entry: string };

/** Where the program of a store is looked for. */
export interface StoreProgramPlaces {
  service: 'objects' | 'search';
  /** Name on PATH: `minio`. */
  program: string;
  /** Environment variable with the path of the program: `FIREDRILL_MINIO_BIN`. */
  variable: string;
  /** Environment variable that, set to `stand-in`, asks for the stand-in: `FIREDRILL_OBJECTS`. */
  choice: string;
  /** The stand-in's file. */
  standIn: URL;
}

/**
 * The program that a store would run on: the configured one (an unusable one is an error, not a reason to take
 * another), the one on PATH, or the stand-in.
 */
export async function chooseStoreProgram(places: StoreProgramPlaces): Promise<StoreProgram> {
  if (wantsStandIn(places)) return standInOf(places);
  const file = await findStoreBinary(places);
  return file === undefined ? standInOf(places) : { kind: 'binary', file };
}

/** The stand-in: it runs on the Node that runs this. */
export function standInOf(places: StoreProgramPlaces): StoreProgram {
  return { kind: 'stand-in', file: process.execPath, entry: fileURLToPath(places.standIn) };
}

/** The configured program, or the one on PATH; `undefined` where there is none. */
export async function findStoreBinary({ service, program, variable }: StoreProgramPlaces): Promise<string | undefined> {
  const configured = process.env[variable];
  if (configured === undefined || configured === '') return findOnPath(program);
  if (await isProgram(configured)) return configured;
  throw new DrillError({
    code: 'configuration',
    service,
    what: `${variable} names no program`,
    expected: `the path of a ${program} program that this user may execute`,
    actual: configured,
  });
}

function wantsStandIn({ choice, service, program }: StoreProgramPlaces): boolean {
  const chosen = process.env[choice];
  if (chosen === undefined || chosen === '') return false;
  if (chosen === 'stand-in') return true;
  throw new DrillError({
    code: 'configuration',
    service,
    what: `${choice} is set to something unknown`,
    expected: `"stand-in", or nothing (then ${program} is looked for)`,
    actual: JSON.stringify(chosen),
  });
}
