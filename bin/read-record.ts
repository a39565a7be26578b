import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DrillError } from '../domain/drill-error.ts';

/** The text of `drill.json` in a folder of reports. */
export async function readRecord(directory: string): Promise<string> {
  return readFile(join(directory, 'drill.json'), 'utf8').catch((cause: unknown) => {
    throw new DrillError({
      code: 'internal',
      what: 'the run left no record',
      expected: 'drill.json',
      where: directory,
      cause,
    });
  });
}
