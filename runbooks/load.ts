import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { LineCounter, parseDocument, type Document } from 'yaml';
import { DrillError } from '../domain/drill-error.ts';
import type { Runbook } from '../domain/runbook.ts';
import type { z } from 'zod';
import { crossReferences } from './cross-references.ts';
import { mistakesOf } from './expected-words.ts';
import { describeRunbook } from './json-schema.ts';
import { placeholders } from './placeholders.ts';
import { runbookFile } from './schema.ts';
import { systemReferences, templateReferences } from './system-references.ts';
import { toRunbook } from './to-runbook.ts';
import type { Mistake, Vocabulary } from './vocabulary.ts';

export type { Mistake, SystemVocabulary, Vocabulary } from './vocabulary.ts';

/**
 * Reads and validates a runbook. All mistakes are reported at once, in one `DrillError` (`configuration`) with a line
 * `file:line:column: what, expected, actual` each.
 */
export async function loadRunbook(file: string, vocabulary: Vocabulary): Promise<Runbook> {
  const source = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new DrillError({ code: 'configuration', what: 'the runbook cannot be read', where: file, cause });
  });
  return parseRunbook(source, file, vocabulary);
}

/** As `loadRunbook`, from text. */
export function parseRunbook(source: string, file: string, vocabulary: Vocabulary): Runbook {
  const lineCounter = new LineCounter();
  const document = parseDocument(source, { lineCounter, prettyErrors: false, uniqueKeys: true });
  const place = (offset: number): string => {
    const { line, col } = lineCounter.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const syntax = document.errors.map((error) => `${place(error.pos[0])}: ${error.message}`);
  if (syntax.length > 0) throw invalid(file, syntax);

  const written: unknown = document.toJS();
  const parsed = runbookFile.safeParse(written, { reportInput: true });
  const mistakes = [
    ...(parsed.success ? [] : tellAll(parsed.error.issues)),
    ...crossReferences(written, vocabulary),
    ...systemReferences(written, vocabulary),
    ...templateReferences(written),
    ...placeholders(written),
  ];
  if (mistakes.length > 0 || !parsed.success) {
    const lines = mistakes
      .map((mistake) => ({ offset: offsetOf(document, mistake.path), message: mistake.message }))
      .toSorted((a, b) => a.offset - b.offset)
      .map(({ offset, message }) => `${place(offset)}: ${message}`);
    throw invalid(file, lines);
  }
  return toRunbook(parsed.data, file, createHash('sha256').update(source).digest('hex'));
}

function tellAll(issues: readonly z.core.$ZodIssue[]): Mistake[] {
  const schema = describeRunbook();
  return issues.flatMap((issue) => mistakesOf(issue, schema));
}

function invalid(file: string, lines: string[]): DrillError {
  const count = lines.length === 1 ? '1 mistake' : `${lines.length} mistakes`;
  return new DrillError({ code: 'configuration', what: `the runbook ${file} has ${count}`, hint: lines.join('\n') });
}

/** Offset of the node at a path, or of the nearest parent that exists: a missing key is reported where it should be. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const keys = path.slice(0, length);
    const parent = length === 1 ? document.contents : document.getIn(keys.slice(0, -1), true);
    const range = keyRange(parent, keys.at(-1)) ?? nodeRange(document.getIn(keys, true));
    if (range !== undefined) return range;
  }
  return nodeRange(document.contents) ?? 0;
}

function keyRange(parent: unknown, key: PropertyKey | undefined): number | undefined {
  if (typeof parent !== 'object' || parent === null || !('items' in parent) || !Array.isArray(parent.items)) {
    return undefined;
  }
  const items = parent.items as { key?: { value?: unknown; range?: [number, number, number] } }[];
  return items.find((item) => item?.key?.value === key)?.key?.range?.[0];
}

function nodeRange(node: unknown): number | undefined {
  const range = (node as { range?: [number, number, number] | null } | null | undefined)?.range;
  return range?.[0];
}
