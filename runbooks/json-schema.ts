import { z } from 'zod';
import { runbookFile } from './schema.ts';

/** What a person writes, before any default or unit is applied, as JSON Schema. */
export function describeRunbook(): object {
  return z.toJSONSchema(runbookFile, { io: 'input' });
}

/** The JSON Schema of a runbook's file, for editors. */
export function runbookJsonSchema(): string {
  return `${JSON.stringify({ title: 'Firedrill runbook', ...describeRunbook() }, undefined, 2)}\n`;
}
