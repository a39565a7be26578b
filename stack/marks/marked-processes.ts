import { basename } from 'node:path';
import { identify, isAlive, type ProcessIdentity } from './process-identity.ts';
import { runFolderPrefix, runIdVariable, runOwnerVariable, type NotedProcess } from './run-marks.ts';
import { ownAncestors, processTable, type SeenProcess } from './process-table.ts';

/** A process that bears the marks of a run. */
export interface MarkedEntry extends NotedProcess {
  runId: string;
  /** Owner of the run, where the process names it. */
  owner?: ProcessIdentity;
}

/**
 * All processes that bear the mark of a run, this process and those above it left out. Marks are the variables in the
 * environment and, for servers of PostgreSQL, whose sessions overwrite theirs, the name of the cluster in their title
 * and the data folder in their arguments: those can be read where the environment of another user's process cannot.
 */
export function findMarkedProcesses(): MarkedEntry[] {
  const table = processTable();
  const ancestors = ownAncestors(table);
  return table.filter(({ pid }) => !ancestors.has(pid)).flatMap((seen) => readMarks(seen));
}

/**
 * The processes of one run: those that bear its mark, and those that it has noted and which still run (where marks
 * cannot be read). A noted pid that belongs to another process by now is not among them.
 */
export function processesOfRun(runId: string, noted: readonly NotedProcess[]): NotedProcess[] {
  const marked = findMarkedProcesses().filter((entry) => entry.runId === runId);
  const known = new Set(marked.map(({ pid }) => pid));
  return [...marked, ...noted.filter((process) => !known.has(process.pid) && isAlive(process))];
}

/** Name that a PostgreSQL server of a run is given (`cluster_name`); it is in the title of each of its processes. */
export function clusterName(runId: string, port: number): string {
  return `${runFolderPrefix}${runId}:${port}`;
}

/** Whether a process is one of the server of that name and data folder: the main one, or one of a session. */
export function isOfServer({ command }: SeenProcess, name: string, dataFolder: string): boolean {
  // A session has the arguments of the main process until it has written its title.
  return command.startsWith(`postgres: ${name}: `) || dataFolderIn(command) === dataFolder;
}

function readMarks(seen: SeenProcess): MarkedEntry[] {
  const variables = readVariables(seen.environment ?? '');
  const runId = variables.get(runIdVariable) ?? runIdOfServer(seen.command);
  const identity = runId === undefined ? undefined : identify(seen.pid);
  if (runId === undefined || identity === undefined) return [];
  const owner = parseOwner(variables.get(runOwnerVariable));
  return [{ ...identity, what: describe(seen.command), runId, ...(owner && { owner }) }];
}

function readVariables(environment: string): Map<string, string> {
  const pieces = environment.split('\0').filter((piece) => piece.startsWith('FIREDRILL_RUN_'));
  return new Map(pieces.map((piece) => [piece.slice(0, piece.indexOf('=')), piece.slice(piece.indexOf('=') + 1)]));
}

function runIdOfServer(command: string): string | undefined {
  const title = /^postgres: firedrill-([\w-]+):\d+: /.exec(command)?.[1];
  return title ?? /.*\/firedrill-([\w-]+)\//.exec(dataFolderIn(command) ?? '')?.[1];
}

/** The data folder in the arguments of a server's main process. Its path and that of the program may have blanks. */
function dataFolderIn(command: string): string | undefined {
  return /^(?:.*\/)?postgres -D (.*?) -c /.exec(command)?.[1];
}

function parseOwner(text: string | undefined): ProcessIdentity | undefined {
  const [, pid, startTime] = /^(\d+):(.+)$/.exec(text ?? '') ?? [];
  return pid === undefined || startTime === undefined ? undefined : { pid: Number(pid), startTime };
}

/** The program and its first argument: enough to recognise it. */
function describe(command: string): string {
  const [program = '', ...rest] = command.split(' ');
  return [basename(program), ...rest].join(' ').slice(0, 80);
}
