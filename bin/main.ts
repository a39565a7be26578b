import { Command, CommanderError } from 'commander';
import { DrillError, messageOf } from '../domain/drill-error.ts';
import { loadCommands } from './commands/index.ts';
import { addCompletion, completionCommand } from './completion.ts';
import { listenForEndings } from './ending.ts';
import { exitCodes } from './exit-codes.ts';
import { version } from './version.ts';

const examples = `
Examples:
  firedrill run db-loss                                the database-loss drill, on containers where an engine answers
  firedrill run db-loss --engine native --rows 200000  on local processes, ten times the usual size
  firedrill run db-loss --quick                        while you work on it: small, short, never evidence
  firedrill run db-loss --sabotage row-missing         the same with a row lost on the way: it must end red
  firedrill all --engine native                        every drill, one after the other, summed up
  firedrill nightly --shard 1/4                        of the drills that are due tonight the share of this machine
  firedrill doctor                                     what this machine has, and what each missing part means
  firedrill report reports/out/<run>                   renders the reports of a run again
  firedrill verify reports/out/<run>                   was anything of a run changed since it was sealed?
  firedrill quarterly --out reports/out/quarter        the last whole quarter, for those who must answer for it
  firedrill history                                    the dashboard over all runs: trends, calendar, coverage, what is due

Completion for bash, zsh and fish: source <(firedrill complete bash)

Exit codes: 0 pass, 1 fail, 2 inconclusive, 3 wrong usage or configuration (nothing was started);
130 ended by Ctrl-C, 143 by SIGTERM, 129 by SIGHUP, 141 since nobody reads its output any more.`;

listenForEndings();

const program = new Command('firedrill')
  .description('Disaster-recovery drills: break a system on purpose, recover it by the runbook, judge measured facts.')
  .version(await version(), '-V, --version', 'print the version')
  .addHelpText('after', examples);

for (const command of await loadCommands(process.argv[2])) program.addCommand(command);
if (process.argv[2] === completionCommand) await addCompletion(program);
else program.command(`${completionCommand} <shell>`).description('print a completion script for bash, zsh or fish');
for (const command of everyCommand(program)) command.exitOverride();

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

function everyCommand(command: Command): Command[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}

/** Commander has printed its own messages already; everything else is one message, without a stack. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.pass : exitCodes.usage;
  process.stderr.write(`firedrill: ${messageOf(error)}\n`);
  const usage = ['usage', 'configuration', 'engine-missing'];
  return error instanceof DrillError && usage.includes(error.code) ? exitCodes.usage : exitCodes.fail;
}
