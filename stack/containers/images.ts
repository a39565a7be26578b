import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { DrillError } from '../../domain/drill-error.ts';

/** The services that run in containers, by their names in docker-compose.yml. */
export const containerServices = ['postgres', 'objects', 'search', 'backups'] as const;
export type ContainerService = (typeof containerServices)[number];

export interface ImageChoice {
  /** E.g. `postgres:15.18-bookworm@sha256:…`. */
  reference: string;
  /** The environment variable that replaces it. */
  variable: string;
  /** True when the variable did replace it. */
  replaced: boolean;
}

export type Images = Readonly<Record<ContainerService, ImageChoice>>;

const composeFile = fileURLToPath(new URL('../../docker-compose.yml', import.meta.url));
const composeSchema = z.object({ services: z.record(z.string(), z.object({ image: z.string().optional() }).loose()) });

/**
 * Reads the images of the stack from docker-compose.yml, the one place where they are pinned. An image is written
 * there as `${VARIABLE:-reference}` (Compose's interpolation), so a variable that is set and not empty replaces it.
 * Throws a `DrillError` (`configuration`) that names the file and the line that cannot be used.
 */
export async function readImages(
  options: { file?: string; environment?: Readonly<Record<string, string | undefined>> } = {},
): Promise<Images> {
  const { file = composeFile, environment = process.env } = options;
  const compose = parseCompose(await readText(file), file);
  const entries = containerServices.map((service) => {
    const where = `${file}, services.${service}.image`;
    return [service, resolve(compose.services[service]?.image, environment, where)] as const;
  });
  return Object.fromEntries(entries) as Record<ContainerService, ImageChoice>;
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw unusable({ expected: 'a readable file', actual: 'it cannot be read', where: file, cause });
  }
}

function parseCompose(text: string, file: string): z.infer<typeof composeSchema> {
  const document = parseDocument(text, { merge: true });
  const mistake = document.errors[0];
  if (mistake !== undefined) {
    const [position] = mistake.linePos ?? [{ line: 1, col: 1 }];
    const where = `${file}:${position.line}:${position.col}`;
    throw unusable({ expected: 'valid YAML', actual: mistake.message.split('\n')[0] ?? '', where, cause: mistake });
  }
  const parsed = composeSchema.safeParse(document.toJS());
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = [file, issue?.path.join('.')].filter(Boolean).join(', ');
  throw unusable({ expected: 'services with their images', actual: issue?.message ?? 'something else', where });
}

function resolve(
  image: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
  where: string,
): ImageChoice {
  const { variable, reference } = /^\$\{(?<variable>\w+):-(?<reference>[^\s${}]+)\}$/.exec(image ?? '')?.groups ?? {};
  if (variable === undefined || reference === undefined) {
    const actual = image === undefined ? 'there is no such line' : image;
    throw unusable({ expected: '${FIREDRILL_…_IMAGE:-name:tag}', actual, where });
  }
  const replacement = environment[variable];
  const replaced = replacement !== undefined && replacement !== '';
  return { reference: replaced ? replacement : reference, variable, replaced };
}

function unusable(facts: { expected: string; actual: string; where: string; cause?: unknown }): DrillError {
  return new DrillError({ code: 'configuration', what: 'the images of the stack cannot be read', ...facts });
}
