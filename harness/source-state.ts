import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from '../programs/execa.ts';
import type { SourceState } from '../domain/source-state.ts';
import { inProgramEnvironment } from '../stack/program-environment.ts';
import { projectFolder } from './project.ts';

/** Folders of what a team brings: whatever lies in them can decide how a drill goes. */
const broughtFolders: ReadonlySet<string> = new Set(['drills', 'fixtures', 'runbooks']);

/** Folders of the program of which the code takes part in a drill. The others only tell of runs, or test them. */
export const codeFolders: ReadonlySet<string> = new Set([
  'bin',
  'checks',
  'domain',
  'evidence',
  'faults',
  'files',
  'harness',
  'masking',
  'programs',
  'recovery',
  'reports',
  'runbooks',
  'smoke',
  'stack',
]);

const rootFiles: ReadonlySet<string> = new Set([
  'docker-compose.yml',
  'package-lock.json',
  'package.json',
  'vitest.config.ts',
]);

/** What runs and tools leave in these folders, a nightly job's evidence among it. */
const left: ReadonlySet<string> = new Set(['allure-results', 'ledger', 'node_modules', 'out', 'runs', 'sample']);

/**
 * What a drill runs on: a digest over the files that take part in it, whether they are committed or not, and what git says of
 * them. Neither git nor its index is needed for the digest, nor changed. Tests, documents and reports do not count.
 */
export async function sourceState(folder = projectFolder): Promise<SourceState> {
  const hash = createHash('sha256');
  for (const path of await filesOf(folder)) {
    const content = await readFile(join(folder, path));
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return { sourceSha256: hash.digest('hex'), ...(await gitState(folder)) };
}

/** Whether a file takes part in a drill; the path is relative to the project, with slashes. */
export function takesPart(path: string): boolean {
  const parts = path.split('/');
  const [top = '', name = ''] = [parts[0], parts.at(-1)];
  if (parts.length === 1) return rootFiles.has(path);
  if (parts.some((part) => part.startsWith('.') || left.has(part))) return false;
  if (/\.(test|contract|test-data)\.ts$|^test-support\.ts$|\.md$/.test(name)) return false;
  return broughtFolders.has(top) || (codeFolders.has(top) && name.endsWith('.ts'));
}

/** Files that take part in a drill and differ now from a revision; `undefined` where git does not say. */
export async function changedSince(revision: string, folder = projectFolder): Promise<string[] | undefined> {
  const { uncommittedFiles } = await gitState(folder);
  const { stdout, failed } = await execa(
    'git',
    ['--no-optional-locks', 'diff', '--name-only', '--no-renames', '--relative', '-z', revision, '--', '.'],
    { ...inProgramEnvironment(), cwd: folder, reject: false },
  );
  if (failed || uncommittedFiles === undefined) return undefined;
  return [...new Set([...stdout.split('\0').filter(takesPart), ...uncommittedFiles])].toSorted();
}

async function filesOf(folder: string): Promise<string[]> {
  const files = [...rootFiles];
  const visit = async (path: string): Promise<void> => {
    for (const entry of await readdir(join(folder, path), { withFileTypes: true }).catch(ifThere)) {
      const inside = `${path}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!left.has(entry.name) && !entry.name.startsWith('.')) await visit(inside);
      } else files.push(inside);
    }
  };
  for (const top of new Set([...broughtFolders, ...codeFolders])) await visit(top);
  const isFile = async (path: string): Promise<boolean> =>
    stat(join(folder, path)).then(
      (found) => found.isFile(),
      () => false,
    );
  const found: string[] = [];
  for (const path of files.filter(takesPart).toSorted()) if (await isFile(path)) found.push(path);
  return found;
}

function ifThere(error: NodeJS.ErrnoException): [] {
  if (error.code === 'ENOENT') return [];
  throw error;
}

/** The revision, and the files that differ from it; nothing of both where there is no git, or no commit yet. */
async function gitState(folder: string): Promise<Pick<SourceState, 'gitRevision' | 'uncommittedFiles'>> {
  const git = async (...args: string[]): Promise<string | undefined> => {
    // Without optional locks: to ask for the status must not write the index.
    const { stdout, failed } = await execa('git', ['--no-optional-locks', ...args], {
      ...inProgramEnvironment(),
      cwd: folder,
      reject: false,
      stripFinalNewline: false,
    });
    return failed ? undefined : stdout;
  };
  const [revision = '', prefix = ''] = (await git('rev-parse', 'HEAD', '--show-prefix'))?.split('\n') ?? [];
  if (revision === '') return {};
  const status = await git('status', '--porcelain=v1', '-z', '--no-renames', '--untracked-files=all', '--', '.');
  if (status === undefined) return { gitRevision: revision };
  // Two letters of state, a space and the path, from the top of the repository.
  const changed = status.split('\0').map((entry) => entry.slice(3));
  const own = changed.filter((path) => path !== '' && path.startsWith(prefix)).map((path) => path.slice(prefix.length));
  return { gitRevision: revision, uncommittedFiles: own.filter(takesPart).toSorted() };
}
