import { Command } from 'commander';
import type { DrillDefinition } from '../../harness/definition.ts';
import { discoverDrills } from '../../harness/discover.ts';
import { faultsToChoose } from '../../harness/choices.ts';
import type { FaultKind } from '../../harness/faults.ts';

/** `firedrill list`: the drills with their sabotages, or with `--faults` the faults that a drill can declare. */
export const listCommand = new Command('list')
  .description('list the drills and the sabotages that each can be played with, or the faults')
  .option('--faults', 'list the faults that a drill can declare, and what each can strike', false)
  .option(
    '--json',
    'as JSON: [{ name, runbook, scenario, from?: [{ name, title }], faults?: [{ name, title }], ' +
      'sabotages: [{ name, expectedCheck }] }], or of faults: [{ name, title, strikes, throughProxy }]',
    false,
  )
  .action(async ({ faults, json }: { faults: boolean; json: boolean }) => {
    process.stdout.write(faults ? await listFaults(json) : await listDrills(json));
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
