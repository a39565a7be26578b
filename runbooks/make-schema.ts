import { writeFile } from 'node:fs/promises';
import { runbookJsonSchema } from './json-schema.ts';

await writeFile(new URL('runbook.schema.json', import.meta.url), runbookJsonSchema());
