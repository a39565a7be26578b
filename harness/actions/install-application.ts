import { join } from 'node:path';
import { installSource } from '../../recovery/install-source.ts';
import { need } from '../context.ts';
import type { Action } from '../definition.ts';
import { projectFolder } from '../project.ts';
import { sabotageAt } from '../sabotage.ts';

/** A clean copy of the application's source, from which it is started from now on. */
export const installApplication: Action = {
  name: 'install-application',
  title: 'Install the application from a clean copy of its source',
  phase: 'provision',
  async execute(context) {
    const { clock, signal } = context;
    const folder = join(need(context, 'stack').folder, 'source');
    const installed = await installSource({ source: projectFolder, folder, clock, signal });
    context.state.installed = installed;
    const { files, revision } = installed;
    context.progress().info(`${files} files${revision === undefined ? '' : ` of revision ${revision.slice(0, 12)}`}`);
    await sabotageAt(context, 'application-installed');
  },
};
