import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { execa } from '../../programs/execa.ts';
import { parse } from 'yaml';
import { projectFolder } from '../../harness/project.ts';

interface Workflow {
  jobs: Record<string, { steps: { name?: string; run?: string }[] }>;
}

export interface PlayedStep {
  exitCode: number | undefined;
  all: string;
}

/** Plays the scripts of a workflow in a folder that looks like a checkout, on local processes and small. */
export interface WorkflowPlayer {
  /** Runs the script of a step of a job as GitHub does, with these variables beside those of the player. */
  play(file: string, job: string, step: string, environment?: Record<string, string>): Promise<PlayedStep>;
}

/** What is different from a hosted runner: no containers, little data. */
const smaller: [string, string][] = [['--engine containers', '--engine native --rows 200']];

/** A player for the files of `.github/workflows` in `folder`, which must be there and empty. */
export async function workflowPlayer(
  folder: string,
  environment: Record<string, string> = {},
): Promise<WorkflowPlayer> {
  for (const name of ['scripts', '.github', 'package.json'])
    await symlink(join(projectFolder, name), join(folder, name));
  // There is no installation in the folder, so `npx firedrill` is what it comes to: the command of the project.
  const bin = join(folder, 'bin');
  await mkdir(bin);
  const npx = `#!/bin/sh\n[ "$1" = firedrill ] || exit 9\nshift\nexec '${join(projectFolder, 'bin', 'firedrill.ts')}' "$@"\n`;
  await writeFile(join(bin, 'npx'), npx, { mode: 0o755 });
  const path = [bin, dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter);
  return {
    play: async (file, job, step, more = {}) => {
      const text = await readFile(join(projectFolder, '.github', 'workflows', file), 'utf8');
      const { jobs } = parse(text) as Workflow;
      const run = jobs[job]?.steps.find(({ name }) => name === step)?.run;
      if (run === undefined) throw new Error(`${file} has no step ${step} in its job ${job}`);
      const script = smaller.reduce((text, [from, to]) => text.replaceAll(from, to), run);
      const { exitCode, all } = await execa('bash', ['-e', '-c', script], {
        cwd: folder,
        env: { ...ofUser(), PATH: path, ...environment, ...more },
        extendEnv: false,
        all: true,
        reject: false,
      });
      return { exitCode, all };
    },
  };
}

/** The variables of the surrounding test run would make the command believe that it is a worker of it. */
function ofUser(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(VITEST|TEST$|NODE_ENV$|GITHUB_|FIREDRILL_LEDGER$)/.test(name)),
  );
}
