import { Command } from 'commander';
import { discoverDrills } from '../../harness/discover.ts';

/** `firedrill list`: the drills with their sabotages. */
export const listCommand = new Command('list')
  .description('list the drills and the sabotages that each can be played with')
  .option('--json', 'as JSON: [{ name, runbook, scenario, sabotages: [{ name, expectedCheck }] }]', false)
  .action(async ({ json }: { json: boolean }) => {
    const drills = (await discoverDrills()).map(({ definition: { name, runbook, scenario, controls } }) => ({
      name,
      runbook,
      scenario,
      sabotages: controls.map((control) => ({ name: control.name, expectedCheck: control.expectedCheck })),
    }));
    process.stdout.write(json ? `${JSON.stringify(drills, undefined, 2)}\n` : drills.map(asText).join('\n'));
  });

interface Listed {
  name: string;
  runbook: string;
  scenario: string;
  sabotages: { name: string; expectedCheck: string }[];
}

function asText({ name, runbook, scenario, sabotages }: Listed): string {
  const lines = sabotages.map(
    (sabotage) => `  --sabotage ${sabotage.name.padEnd(24)} turns ${sabotage.expectedCheck} red`,
  );
  return `${name}  (runbook ${runbook}, scenario ${scenario})\n${lines.join('\n')}\n`;
}
