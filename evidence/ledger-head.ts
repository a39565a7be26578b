import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { DrillError } from '../domain/drill-error.ts';
import type { LedgerHead } from '../domain/ledger.ts';
import { replaceFile } from '../files/replace-file.ts';

const headSchema = z.strictObject({
  index: z.int().min(0),
  runs: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/** The head that stands beside a ledger; `undefined` when there is none. */
export async function readHead(file: string): Promise<LedgerHead | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return headSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new DrillError({
      code: 'configuration',
      what: 'the head of the ledger cannot be read',
      expected: 'index, runs and sha256 of its last entry',
      where: file,
      cause,
    });
  }
}

/** Writes the head beside the ledger. */
export async function writeHead(file: string, head: LedgerHead): Promise<void> {
  await replaceFile(file, `${JSON.stringify(head)}\n`);
}
