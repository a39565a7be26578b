import { createHmac } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Folder with the recorded behaviour of a real server; `undefined` where `FIREDRILL_CONTRACTS` is not set. */
export const recordingFolder = process.env['FIREDRILL_CONTRACTS']
  ? join(process.env['FIREDRILL_CONTRACTS'], 'meilisearch')
  : undefined;

export const withoutRecording = 'skipped: FIREDRILL_CONTRACTS does not name the folder with the recorded behaviour';

/** The master key of the recording: data of a server that is gone. */
export const recordedMasterKey = 'master-key-of-the-recording-0123';

export interface Exchange {
  /** `file: name`. */
  name: string;
  request: { method: string; path: string; headers: Record<string, string>; body?: unknown };
  response: { status: number; contentType: string | null; body: unknown };
}

/** One case of `start-up.json`: either an exit code with the last lines of the log, or what the server then held. */
export interface StartUpCase {
  case: string;
  args?: string[];
  env?: Record<string, string>;
  exitCode?: number;
  lastLog?: string[];
  stats?: { indexes: Record<string, { numberOfDocuments: number }> };
  keys?: { results: Record<string, unknown>[]; total: number };
  tasks?: { results: Record<string, unknown>[]; total: number };
}

/** In the order in which they were made on one server. */
const files = [
  'health-version-auth',
  'indexes',
  'settings',
  'documents',
  'search',
  'stats-tasks',
  'keys',
  'dumps-snapshots',
];

export function readExchanges(folder: string): Exchange[] {
  return files.flatMap((file) => {
    const lines = readFileSync(join(folder, `${file}.jsonl`), 'utf8').split('\n');
    const exchanges = lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Exchange);
    return exchanges.map((exchange) => ({ ...exchange, name: `${file}: ${exchange.name}` }));
  });
}

export function readStartUpCases(folder: string): StartUpCase[] {
  return JSON.parse(readFileSync(join(folder, 'start-up.json'), 'utf8')) as StartUpCase[];
}

/** The dump of the recorded server. */
export function recordedDump(folder: string): string {
  const [name] = readdirSync(folder).filter((file) => file.endsWith('.dump'));
  if (name === undefined) throw new Error(`no dump in ${folder}`);
  return join(folder, name);
}

/** Secret of a key, by the formula that the recording documents. */
export function secretOf(masterKey: string, uid: string): string {
  return createHmac('sha256', masterKey).update(uid).digest('hex');
}

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
const instants = new Set(['enqueuedAt', 'startedAt', 'finishedAt', 'createdAt', 'lastUpdate']);
const sizes = new Set(['databaseSize', 'usedDatabaseSize', 'rawDocumentDbSize', 'avgDocumentSize']);

/**
 * Puts words in the place of values that differ from run to run, each only where it has the right form: instants,
 * durations, sizes (0 stays 0), uids of requests, names of dumps. Documents are left as they are: their instants are data.
 */
export function normalized(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normalized);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(entries.map(([name, inner]) => [name, normalizedMember(name, inner, value)]));
}

function normalizedMember(name: string, value: unknown, parent: object): unknown {
  const isInstant = instants.has(name) || (name === 'updatedAt' && 'createdAt' in parent);
  if (isInstant && typeof value === 'string') return instant.test(value) ? '<instant>' : value;
  if (name === 'duration' && typeof value === 'string') return /^PT\d+\.\d{9}S$/.test(value) ? '<duration>' : value;
  if (name === 'processingTimeMs' && typeof value === 'number') return '<milliseconds>';
  if (name === 'requestUid' && typeof value === 'string') return /^[\da-f-]{36}$/.test(value) ? '<uid>' : value;
  if (name === 'dumpUid' && typeof value === 'string') return /^\d{8}-\d{9}$/.test(value) ? '<dump>' : value;
  if (sizes.has(name) && typeof value === 'number' && value > 0) return '<bytes>';
  return normalized(value);
}
