import type { Mistake } from './vocabulary.ts';

/** `{devops_lead}`, `{name} - {phone}`: a place that somebody meant to fill in. */
const place = /\{\{?\s*[\p{L}_][\p{L}\p{N} _.-]*\}?\}/u;
const unfinished = /^\s*(TBD|TODO|FIXME|XXX|N\/A yet)\b/i;

/**
 * Texts that still hold places to fill in: they would stand like that in every report. Where braces mean something,
 * they are left alone: templates of the masking policy, and what probes send and expect.
 */
export function placeholders(written: unknown, path: readonly PropertyKey[] = []): Mistake[] {
  if (path[0] === 'masking' || (path[0] === 'smoke' && path[1] === 'probes')) return [];
  if (typeof written === 'string') return placeholderIn(written, path);
  if (Array.isArray(written)) return written.flatMap((entry, index) => placeholders(entry, [...path, index]));
  if (typeof written !== 'object' || written === null) return [];
  return Object.entries(written).flatMap(([key, value]) => placeholders(value, [...path, key]));
}

function placeholderIn(text: string, path: readonly PropertyKey[]): Mistake[] {
  const found = place.exec(text)?.[0] ?? unfinished.exec(text)?.[0];
  if (found === undefined) return [];
  return [{ path, message: `${path.join('.')}: expected a text that is filled in, actual \`${found.trim()}\`` }];
}
