import { z } from 'zod';
import { DrillError, messageOf } from '../domain/drill-error.ts';
import type { DrillRecord } from '../domain/record.ts';
import { recordSchema } from './record-schema.ts';

/**
 * Reads the text of a `drill.json`. Members that this version does not know are ignored, so that reports of a later
 * minor version can still be rendered; everything that is wrong is listed at once in the `DrillError`, by its path.
 */
export function parseRecord(text: string, file: string): DrillRecord {
  const json = parseJson(text, file);
  const parsed = recordSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const { schemaVersion } = (json ?? {}) as { schemaVersion?: unknown };
  if (typeof schemaVersion === 'number' && schemaVersion > 1) throw tooNew(schemaVersion, file);
  throw new DrillError({
    code: 'usage',
    what: 'the record is not a drill.json of schema version 1',
    actual: parsed.error.issues
      .map(({ path, message }) => `${z.core.toDotPath(path) || '(root)'}: ${message}`)
      .join('; '),
    where: file,
  });
}

function tooNew(actual: number, where: string): DrillError {
  return new DrillError({
    code: 'usage',
    what: 'the record was written by a later version of Firedrill',
    expected: 'schema version 1',
    actual: String(actual),
    where,
  });
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new DrillError({
      code: 'usage',
      what: 'the record cannot be read',
      expected: 'JSON',
      actual: text.trim() === '' ? 'an empty file' : messageOf(error),
      where: file,
      cause: error,
    });
  }
}
