import { Command, Option } from 'commander';
import { catalogue, checkPatterns } from '../../domain/catalogue.ts';
import type { DrillDefinition } from '../../harness/definition.ts';
import { discoverDrills } from '../../harness/discover.ts';
import { faultsToChoose } from '../../harness/choices.ts';
import type { FaultKind } from '../../harness/faults.ts';

/** `firedrill list`: the drills with their sabotages, with `--faults` the faults that a drill can declare, or with `--checks` the checks. */
export const listCommand = new Command('list')
  .description('list the drills and the sabotages that each can be played with, or the faults, or the checks')
  .option('--faults', 'list the faults that a drill can declare, and what each can strike', false)
  .addOption(
    new Option('--checks', 'list the checks that a drill judges by, and what turns each red')
      .default(false)
      .conflicts('faults'),
  )
  .option(
    '--json',
    'as JSON: [{ name, runbook, scenario, from?: [{ name, title }], faults?: [{ name, title }], ' +
      'sabotages: [{ name, expectedCheck }] }], of faults: [{ name, title, strikes, throughProxy }], ' +
      'or of checks: [{ name, title, section, evidences, severity, redBy }]',
    false,
  )
  .action(async ({ faults, checks, json }: { faults: boolean; checks: boolean; json: boolean }) => {
    process.stdout.write(checks ? listChecks(json) : faults ? await listFaults(json) : await listDrills(json));
  });

interface Listed {
  name: string;
  runbook: string;
  scenario: string;
  /** Ways to recover, the one without `--from` first. */
  from?: { name: string; title: string }[];
  /** Faults to choose from, the one without `--fault` first. */
  faults?: { name: string; title: string }[];
  sabotages: { name: string; expectedCheck: string }[];
}

async function listDrills(json: boolean): Promise<string> {
  const drills = (await discoverDrills()).map(({ definition }) => listed(definition));
  return json ? asJson(drills) : drills.map(asText).join('\n');
}

function listed(definition: DrillDefinition): Listed {
  const { name, runbook, scenario, controls, from } = definition;
  const faults = faultsToChoose(definition).map((fault) => ({ name: fault.name, title: fault.title }));
  return {
    name,
    runbook,
    scenario,
    ...(from && { from: Object.entries(from).map(([way, title]) => ({ name: way, title })) }),
    ...(faults.length > 0 && { faults }),
    sabotages: controls.map((control) => ({ name: control.name, expectedCheck: control.expectedCheck })),
  };
}

async function listFaults(json: boolean): Promise<string> {
  // Only now: faults bring the clients of every store, and the command that runs a drill promises to stay small.
  const { faultKinds } = await import('../../harness/faults.ts');
  const faults = faultKinds.map(({ name, title, strikes, throughProxy }) => ({ name, title, strikes, throughProxy }));
  return json ? asJson(faults) : faults.map(faultAsText).join('\n');
}

function listChecks(json: boolean): string {
  const checks = checkPatterns.map((name) => {
    const { title, section, evidences, severity, redBy } = catalogue[name];
    return { name, title, section, evidences, severity, redBy };
  });
  if (json) return asJson(checks);
  const redBy = (by: (typeof checks)[number]['redBy']): string =>
    'control' in by ? `--sabotage ${by.control}` : by.test;
  return checks.map((check) => `${check.name}  ${check.title}\n  turned red by ${redBy(check.redBy)}\n`).join('');
}

function asJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function asText({ name, runbook, scenario, from = [], faults = [], sabotages }: Listed): string {
  const ways = from.map((way) => `  --from ${way.name.padEnd(28)} ${way.title}\n`).join('');
  const damages = faults.map((fault) => `  --fault ${fault.name.padEnd(27)} ${fault.title}\n`).join('');
  const lines = sabotages.map(
    (sabotage) => `  --sabotage ${sabotage.name.padEnd(24)} turns ${sabotage.expectedCheck} red`,
  );
  return `${name}  (runbook ${runbook}, scenario ${scenario})\n${ways}${damages}${lines.join('\n')}\n`;
}

function faultAsText({ name, title, strikes, throughProxy }: Omit<FaultKind, 'make'>): string {
  const how = throughProxy ? ' (by a proxy of the run in front of it)' : '';
  return `${name}  ${title}\n  strikes ${strikes.join(', ')}${how}\n`;
}
