import { z } from 'zod';
import { runbookFile } from './schema.ts';

/** The JSON Schema of a runbook's file, for editors: what a person writes, before any default or unit is applied. */
export function runbookJsonSchema(): string {
  const schema = z.toJSONSchema(runbookFile, { io: 'input' });
  return `${JSON.stringify({ title: 'Firedrill runbook', ...schema }, undefined, 2)}\n`;
}
