import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { LineCounter, parseDocument, type Document } from 'yaml';
import { DrillError } from '../domain/drill-error.ts';
import type { Runbook } from '../domain/runbook.ts';
import { crossReferences } from './cross-references.ts';
import { runbookFile } from './schema.ts';
import { toRunbook } from './to-runbook.ts';
import type { z } from 'zod';

/** What a runbook may refer to that is not in it. */
export interface Vocabulary {
  actions: readonly string[];
  systems: readonly string[];
}

/** A mistake and the place in the document it concerns, as a path of keys. */
export interface Mistake {
  path: readonly PropertyKey[];
  message: string;
}

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
    ...(parsed.success ? [] : parsed.error.issues.flatMap((issue) => describe(issue))),
    ...crossReferences(written, vocabulary),
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

function invalid(file: string, lines: string[]): DrillError {
  const count = lines.length === 1 ? '1 mistake' : `${lines.length} mistakes`;
  return new DrillError({ code: 'configuration', what: `the runbook ${file} has ${count}`, hint: lines.join('\n') });
}

function describe(issue: z.core.$ZodIssue): Mistake[] {
  const name = issue.path.length > 0 ? issue.path.join('.') : 'the runbook';
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...issue.path, key],
      message: `${[...issue.path, key].join('.')}: expected no such key, actual \`${key}\``,
    }));
  }
  const { message } = issue.code === 'invalid_key' ? (issue.issues[0] ?? issue) : issue;
  const expected = message.startsWith('expected') ? message : message.replace(/^Invalid input: /, '');
  return [{ path: issue.path, message: `${name}: ${expected}, actual ${quote(issue.input)}` }];
}

function quote(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return `\`${text.length > 60 ? `${text.slice(0, 57)}…` : text}\``;
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
