import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { recordSchema } from './record-schema.ts';

/** The committed JSON Schema of `drill.json`. */
export const schemaFile = new URL('drill.schema.json', import.meta.url);

/** The JSON Schema (draft 2020-12) of `drill.json` as text; unknown members are allowed, as `parseRecord` does. */
export function schemaText(): string {
  return `${JSON.stringify(z.toJSONSchema(recordSchema, { io: 'input' }), undefined, 2)}\n`;
}

/** The text that is committed. */
export function committedSchemaText(): string {
  return readFileSync(schemaFile, 'utf8');
}

if (import.meta.main) writeFileSync(schemaFile, schemaText());
