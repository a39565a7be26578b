import { userInfo } from 'node:os';
import { execa } from '../programs/execa.ts';
import { messageOf } from '../domain/drill-error.ts';
import type { EngineName } from '../domain/service.ts';
import { installEngine } from './choose-engine.ts';
import { containerEngine } from './containers/engine.ts';
import { findImages, type FoundImage } from './detect-images.ts';
import { findOnPath } from './native/find-program.ts';
import { objectsPlaces } from './native/objects.ts';
import { findPostgresPrograms, installPostgres } from './native/postgres-programs.ts';
import { searchPlaces } from './native/search.ts';
import { findStoreBinary, type StoreProgramPlaces } from './native/store-program.ts';
import { unprivilegedUser } from './system-user.ts';
import { inProgramEnvironment } from './program-environment.ts';

/** One thing that was looked for on this machine. */
export interface DetectedPart {
  /** E.g. `PostgreSQL`, `image postgres:15.18`. */
  name: string;
  found: boolean;
  version?: string;
  /** Where it is, and as whom it would run. */
  where?: string;
  /** Only of what is missing: why, what that means, and how to install it, in sentences. */
  missing?: string;
}

export interface Detection {
  parts: DetectedPart[];
  /** What drills can run on here, the default first. */
  engines: EngineName[];
  canDrill: boolean;
  /** What all this means, in a sentence. */
  conclusion: string;
}

/** Looks for everything that a drill can use on this machine. Starts nothing. */
export async function detect(): Promise<Detection> {
  const [engine, postgres, ...others] = await Promise.all([
    detectEngine(),
    detectPostgres(),
    detectStore('MinIO', objectsPlaces),
    detectStore('Meilisearch', searchPlaces),
    detectTool('xz', 'xz-utils', 'Backups of a runbook that asks for xz cannot be made; zstd is built in.'),
    detectTool('age', 'age', 'Drills do without it; a person needs it to open a backup by hand.'),
    detectTool('zstd', 'zstd', 'Drills do without it; a person needs it to open a backup by hand.'),
  ]);
  const images = engine.found ? await detectImages() : [];
  const node: DetectedPart = { name: 'Node.js', found: true, version: process.versions.node, where: process.execPath };
  const engines: EngineName[] = [];
  if (engine.found) engines.push('containers');
  if (postgres.found) engines.push('native');
  const canDrill = engines.length > 0;
  return { parts: [node, engine, ...images, postgres, ...others], engines, canDrill, conclusion: conclude(engines) };
}

function conclude([first, second]: EngineName[]): string {
  if (first === undefined) return `No drill can run here.\n${installPostgres}\n${installEngine}`;
  const other = second === undefined ? '' : `, or on ${second} (--engine ${second})`;
  return `Drills run on ${first} here${other}.`;
}

async function detectEngine(): Promise<DetectedPart> {
  const name = 'container engine';
  const engine = await containerEngine();
  if ('version' in engine) return { name, found: true, version: engine.version };
  return missing(name, engine.missing, 'Drills can only run on local processes (--engine native).', installEngine);
}

async function detectImages(): Promise<DetectedPart[]> {
  try {
    return (await findImages()).map((image) => asPart(image));
  } catch (error) {
    return [missing('images', messageOf(error), 'Drills cannot run on containers.', '')];
  }
}

function asPart({ reference, variable, isPresent }: FoundImage): DetectedPart {
  const name = `image ${reference.replace(/@.*$/, '')}`;
  if (isPresent) return { name, found: true };
  const install = `Run docker pull ${reference}, or set ${variable} to an image that is there.`;
  return missing(name, 'the engine does not have it', 'The first run on containers pulls it.', install);
}

async function detectPostgres(): Promise<DetectedPart> {
  const name = 'PostgreSQL';
  const programs = await findPostgresPrograms();
  if ('missing' in programs) {
    const means = 'Drills cannot run on local processes: PostgreSQL has no stand-in.';
    return missing(name, programs.missing, means, installPostgres);
  }
  try {
    const user = (await unprivilegedUser())?.name ?? userInfo().username;
    return { name, found: true, version: programs.version, where: `${programs.folder}, runs as user ${user}` };
  } catch (error) {
    return missing(name, messageOf(error), 'Drills cannot run on local processes.', '');
  }
}

async function detectStore(name: string, places: StoreProgramPlaces): Promise<DetectedPart> {
  const install = `Put ${places.program} on PATH, or set ${places.variable} to its path.`;
  try {
    const file = await findStoreBinary(places);
    if (file !== undefined) return { name, found: true, where: file, ...(await versionOf(file)) };
    const means = 'On local processes the built-in stand-in takes its place, and the report says so.';
    return missing(name, `there is no ${places.program} on PATH`, means, install);
  } catch (error) {
    return missing(name, messageOf(error), 'Drills on local processes do not start while this is so.', '');
  }
}

async function detectTool(name: string, debianPackage: string, means: string): Promise<DetectedPart> {
  const file = await findOnPath(name);
  if (file !== undefined) return { name, found: true, where: file, ...(await versionOf(file)) };
  const install = `Debian, Ubuntu: apt-get install ${debianPackage}; macOS: brew install ${name}.`;
  return missing(name, `there is no ${name} on PATH`, means, install);
}

function missing(name: string, why: string, means: string, install: string): DetectedPart {
  const reason = `${why.charAt(0).toUpperCase()}${why.slice(1)}${/[.!?]$/.test(why) ? '' : '.'}`;
  return { name, found: false, missing: [reason, means, install].filter(Boolean).join(' ') };
}

/** The first thing in a program's answer that looks like a version. */
async function versionOf(file: string): Promise<{ version?: string }> {
  const { stdout, stderr } = await execa(file, ['--version'], {
    ...inProgramEnvironment(),
    reject: false,
    timeout: 5_000,
  });
  const version = /\bv?(\d+\.\d+[\w.+-]*|RELEASE\.\S+|DEVELOPMENT\.\S+)/.exec(`${stdout}\n${stderr}`)?.[1];
  return version === undefined ? {} : { version };
}
