import { appendFile, copyFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { need, type DrillContext } from '../context.ts';
import type { Control } from '../definition.ts';
import { judgeInstalled } from '../steps/installation.ts';
import { damaging, type Damage } from './damaging.ts';

/** A file of the installed application is not the one of its source. */
export const sourceChanged: Control = {
  name: 'source-changed',
  title: 'A file of the installed application is not as its source has it',
  expectedCheck: 'application.source',
  expectedVerdict: 'fail',
  ...damaging('application-installed', changeFile, async (context) => [await judgeInstalled(context)]),
};

/** The read-me of the project does nothing where it is run, so that only the comparison can tell. */
async function changeFile(context: DrillContext): Promise<Damage> {
  const { source, folder } = need(context, 'installed');
  const file = join(folder, 'README.md');
  await appendFile(file, '\nchanged\n');
  return {
    description: `${relative(folder, file)} of the installation changed`,
    undo: () => copyFile(join(source, 'README.md'), file),
  };
}
