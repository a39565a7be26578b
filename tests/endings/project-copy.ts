import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from '../../programs/execa.ts';
import { projectFolder } from '../../harness/project.ts';

/** A copy of the project as somebody may have it, below a folder that holds nothing else. */
export interface ProjectCopy extends AsyncDisposable {
  /** The folder of the copy. */
  project: string;
  /** A temporary folder for what is played with it: `TMPDIR`. */
  temporary: string;
  /** Folder for reports and ledgers. */
  out: string;
  /** What is played with it: where its temporary folders go, and its compiled modules, which would else stay for good. */
  environment: Record<string, string>;
}

/** What a path may have in it and a URL, a shell or a list writes in another way. */
const oddName = 'my drills ä 100%#1';

/** Copies the project into a folder, by default with an odd name; installed packages are linked. */
export async function copyOfProject(name: string = oddName): Promise<ProjectCopy> {
  const folder = await mkdtemp(join(tmpdir(), 'firedrill-copy-'));
  // As root, PostgreSQL runs as another user, who has to pass it.
  await chmod(folder, 0o755);
  const [project, temporary, out] = [join(folder, name), join(folder, 't m p'), join(folder, 'out')];
  const listing = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const { stdout } = await execa('git', listing, { cwd: projectFolder });
  const files = stdout.split('\0').filter((file) => file !== '');
  await Promise.all([mkdir(temporary), mkdir(out)]);
  await Promise.all(
    files.map(async (file) => {
      await mkdir(dirname(join(project, file)), { recursive: true });
      // A file that was deleted and not committed yet is in the list.
      await cp(join(projectFolder, file), join(project, file)).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
      });
    }),
  );
  await symlink(join(projectFolder, 'node_modules'), join(project, 'node_modules'), 'dir');
  return {
    project,
    temporary,
    out,
    environment: { TMPDIR: temporary, NODE_COMPILE_CACHE: join(out, 'compiled') },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/**
 * Puts steps that only hold something (tests/endings/held-steps.ts) in place of those of every drill in the copy, so that
 * an ending costs no servers. Everything around the steps stays what it is: command, test runner, run, record, ledger.
 */
export async function holdSteps({ project }: ProjectCopy): Promise<void> {
  const file = join(project, 'harness', 'run.ts');
  const text = await readFile(file, 'utf8');
  const steps = 'const steps = stepsOf(definition, scenario.steps);';
  if (!text.includes(steps)) throw new Error(`${file} makes its steps in another way now`);
  await writeFile(
    file,
    `import { heldSteps } from '../tests/endings/held-steps.ts';\n${text.replace(steps, 'const steps = heldSteps();')}`,
  );
}

/** Has the process that runs a drill of the copy do this before it loads anything: a line of JavaScript. */
export async function holdWorker({ project }: ProjectCopy, script: string): Promise<void> {
  const file = join(projectFolder, 'vitest.config.ts');
  const text = await readFile(file, 'utf8');
  const options = 'execArgv: [';
  if (!text.includes(options)) throw new Error(`${file} gives options to the process of a drill in another way now`);
  const preloaded = JSON.stringify(`--import=data:text/javascript,${encodeURIComponent(script)}`);
  await writeFile(join(project, 'vitest.config.ts'), text.replace(options, `${options}${preloaded}, `));
}
