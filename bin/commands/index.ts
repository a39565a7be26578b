import type { Command } from 'commander';

/** Every command by its name, in the order of `--help`. A module is loaded when its command is wanted, not before. */
const commands: Record<string, () => Promise<Command>> = {
  run: async () => (await import('./run.ts')).runCommand,
  all: async () => (await import('./all.ts')).allCommand,
  nightly: async () => (await import('./nightly.ts')).nightlyCommand,
  merge: async () => (await import('./merge.ts')).mergeCommand,
  list: async () => (await import('./list.ts')).listCommand,
  doctor: async () => (await import('./doctor.ts')).doctorCommand,
  lint: async () => (await import('./lint.ts')).lintCommand,
  report: async () => (await import('./report.ts')).reportCommand,
  verify: async () => (await import('./verify.ts')).verifyCommand,
  keys: async () => (await import('./keys.ts')).keysCommand,
  ledger: async () => (await import('./ledger.ts')).ledgerCommand,
  quarterly: async () => (await import('./quarterly.ts')).quarterlyCommand,
  history: async () => (await import('./history.ts')).historyCommand,
  findings: async () => (await import('./findings.ts')).findingsCommand,
  clean: async () => (await import('./clean.ts')).cleanCommand,
};

/**
 * The command of that name alone, so that one which reads thousands of runs does not load what drills stand on; all of
 * them for any other word, such as `help`.
 */
export async function loadCommands(asked: string | undefined): Promise<Command[]> {
  const load = Object.entries(commands).find(([name]) => name === asked)?.[1];
  return load ? [await load()] : Promise.all(Object.values(commands).map((one) => one()));
}
