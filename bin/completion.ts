import tab from '@bomb.sh/tab/commander';
import type { Command } from 'commander';
import { discoverDrills } from '../harness/discover.ts';

/** `firedrill complete bash` prints the script of a shell; the script asks `firedrill complete -- …` for what fits. */
export const completionCommand = 'complete';

type Tell = (value: string, description: string) => void;

/** Adds completion of commands, options, and the names of drills, sabotages, ways and faults. */
export async function addCompletion(program: Command): Promise<void> {
  const drills = (await discoverDrills()).map(({ definition }) => definition);
  const names = (tell: Tell): void => drills.forEach(({ name, scenario }) => tell(name, scenario));
  const asked = process.argv[process.argv.indexOf('run') + 1];
  const known = drills.filter(({ name }) => name === asked);
  const among = known.length > 0 ? known : drills;
  const run = tab(program).commands.get('run');
  run?.argument('drill', names);
  run?.option('sabotage', 'sabotage', (tell) =>
    among.forEach(({ controls }) => controls.forEach(({ name, title }) => tell(name, title))),
  );
  run?.option('from', 'way', (tell) =>
    among.forEach(({ from = {} }) => Object.entries(from).forEach(([way, title]) => tell(way, title))),
  );
  run?.option('fault', 'fault', (tell) =>
    among.forEach(({ fault, otherFaults = [] }) =>
      [fault, ...otherFaults].forEach(({ name, title }) => tell(name, title)),
    ),
  );
}
