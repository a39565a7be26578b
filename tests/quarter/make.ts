import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { firedrillCommand } from '../command.ts';
import { playRuns } from './play.ts';
import { reportQuarter } from './report.ts';
import { simulateQuarter } from './simulate.ts';

/** Leaves the simulated quarter in a folder, with all its reports, to be looked at: `node tests/quarter/make.ts <folder>`. */
const [, , given] = process.argv;
if (given === undefined) throw new Error('a folder is needed: node tests/quarter/make.ts <folder>');
const folder = resolve(given);
await mkdir(folder, { recursive: true });
process.stdout.write('three real runs, side by side; then the quarter\n');
await simulateQuarter(folder, await playRuns(join(folder, 'real')), { pages: true });
const { all } = await reportQuarter(folder, (args) => firedrillCommand(args, {}));
process.stdout.write(`${all}\n`);
