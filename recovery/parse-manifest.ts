import { z } from 'zod';

/** Hex of a sha256. */
export const digest = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hex digits');
export const count = z.number().int().nonnegative();
export const compression = z.enum(['zstd', 'xz']);

/** An encrypted file of a backup in its store. */
export const file = z.object({ key: z.string().min(1), sha256: digest, sizeBytes: count });

/** What the manifest of every backup says of it, whatever was backed up. */
export const backupFacts = {
  schemaVersion: z.literal(1),
  id: z.string().min(1),
  /** Of the backup of everything that it is part of, where it is. */
  setId: z.string().min(1).exactOptional(),
  recipient: z.string().startsWith('age1'),
  coveredAt: z.iso.datetime(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  durationMs: z.number().nonnegative(),
};

/** A manifest, or every way in which a text is none: `path: problem`. */
export type Parsed<Manifest> = { manifest: Manifest } | { problems: string[] };

/** Reads a manifest back from its JSON text. */
export function parseAs<Manifest>(schema: z.ZodType<Manifest>, text: string): Parsed<Manifest> {
  const json = parseJson(text);
  if (json === undefined) return { problems: ['not JSON'] };
  const result = schema.safeParse(json);
  if (result.success) return { manifest: result.data };
  return { problems: result.error.issues.map(({ path, message }) => `${path.join('.') || 'manifest'}: ${message}`) };
}

/** Nothing for what is no JSON: the parser's message quotes the text, which may be long and may be a secret. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
