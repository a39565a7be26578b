import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { DrillError, messageOf } from '../domain/drill-error.ts';
import { replaceFile } from '../files/replace-file.ts';
import { findingsText } from './findings-document.ts';

const runReference = z.strictObject({
  /** Its number in the ledger. */
  run: z.int().min(1),
  runId: z.string().min(1),
  /** When it began. */
  at: z.iso.datetime(),
});

const registeredFinding = z
  .looseObject({
    id: z.string().regex(/^F-\d{4,}$/, 'expected e.g. F-0001'),
    drill: z.string().min(1),
    /** The way of recovery, of a drill that knows several. */
    from: z.string().min(1).exactOptional(),
    /** The fault, of a drill that knows several. */
    chosenFault: z.string().min(1).exactOptional(),
    /** The check that turned red; `run` where the run failed without one. */
    check: z.string().min(1),
    what: z.string(),
    opened: runReference,
    owner: z.string().min(1),
    due: z.iso.date(),
    state: z.enum(['open', 'closed']),
    /** The green run that closed it. */
    retest: runReference.exactOptional(),
    /** For people: what is done about it. */
    note: z.string().exactOptional(),
    /** Day on which its owner has taken it on. */
    accepted: z.iso.date().exactOptional(),
  })
  .check(({ value, issues }) => {
    const { state, retest, opened } = value;
    const tell = (message: string): unknown =>
      issues.push({ code: 'custom', message, input: retest, path: ['retest'] });
    if (state === 'closed' && !retest) tell('a closed finding names the run of its green retest');
    if (state === 'open' && retest) tell('an open finding has no retest yet');
    if (retest && retest.run <= opened.run) tell('the retest is a later run than the one that opened the finding');
  });

const registerSchema = z
  .looseObject({ schemaVersion: z.literal(1), findings: z.array(registeredFinding) })
  .check(({ value, issues }) => {
    const seen = new Set<string>();
    for (const [index, { id }] of value.findings.entries()) {
      if (seen.has(id)) {
        const path = ['findings', index, 'id'];
        issues.push({ code: 'custom', message: `${id} is there twice`, input: id, path });
      }
      seen.add(id);
    }
  });

export type RegisteredFinding = z.output<typeof registeredFinding>;

/** `findings.yaml`: what failed drills have left to do. */
export type FindingRegister = z.output<typeof registerSchema>;

/** A register in which nothing was ever found. */
export function emptyRegister(): FindingRegister {
  return { schemaVersion: 1, findings: [] };
}

/** Reads a register from text. A `DrillError` (`configuration`) that lists all mistakes by their paths. */
export function parseFindings(text: string, file: string): FindingRegister {
  const parsed = registerSchema.safeParse(parseYaml(text, file));
  if (parsed.success) return parsed.data;
  const mistakes = parsed.error.issues.map(({ path, message }) => `${z.core.toDotPath(path) || '(root)'}: ${message}`);
  throw invalid(file, mistakes.join('; '));
}

/** Reads the register of a file; one that is not there yet is empty. */
export async function readFindings(file: string): Promise<FindingRegister> {
  return existsSync(file) ? parseFindings(await readFile(file, 'utf8'), file) : emptyRegister();
}

/**
 * Writes what has changed of a register in one step: a crash leaves the one of before or the new one, whole. Comments and
 * keys of people stay.
 */
export async function writeFindings(file: string, { findings }: FindingRegister): Promise<void> {
  await replaceFile(file, findingsText(existsSync(file) ? await readFile(file, 'utf8') : undefined, findings));
}

function parseYaml(text: string, file: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw invalid(file, messageOf(error).split('\n')[0] ?? '');
  }
}

function invalid(file: string, actual: string): DrillError {
  return new DrillError({
    code: 'configuration',
    what: 'the register of findings cannot be read',
    expected: 'schemaVersion 1 and a list of findings',
    actual,
    where: file,
  });
}
