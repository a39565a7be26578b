import { z } from 'zod';
import { DrillError } from '../domain/drill-error.ts';
import type { LedgerHead } from '../domain/ledger.ts';
import { readIfThere } from '../files/read-if-there.ts';
import { replaceFile } from '../files/replace-file.ts';

const headSchema = z.strictObject({
  index: z.int().min(0),
  runs: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/** The head that stands beside a ledger; `undefined` when there is none. */
export async function readHead(file: string): Promise<LedgerHead | undefined> {
  const text = await readIfThere(file);
  if (!text) return undefined;
  try {
    return headSchema.parse(JSON.parse(text.toString('utf8')));
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
