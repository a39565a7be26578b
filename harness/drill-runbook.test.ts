import { expect, test } from 'vitest';
import { discoverDrills } from './discover.ts';
import { loadDrillRunbook } from './drill-runbook.ts';
import { vocabulary } from './vocabulary.ts';

const drills = (await discoverDrills()).map(({ definition }) => definition);

test.for(drills)('$name and its runbook name each other', async (definition) => {
  const { scenario } = await loadDrillRunbook(definition);
  expect(scenario.drill).toBe(definition.name);
});

test('runbooks know the drills by their files, under the names that they have', () => {
  expect(vocabulary.drills).toEqual(drills.map(({ name }) => name).toSorted());
});

test('a scenario that the runbook does not have is refused, with the one that was meant', async () => {
  const [drill] = drills.filter(({ name }) => name === 'db-loss');
  await expect(loadDrillRunbook({ ...drill!, scenario: 'database-lost' })).rejects.toThrow(
    /the drill db-loss names a scenario that its runbook does not have.*did you mean `database-loss`\?/,
  );
});

test('a scenario that the runbook gives to another drill is refused', async () => {
  const [drill] = drills.filter(({ name }) => name === 'db-loss');
  await expect(loadDrillRunbook({ ...drill!, name: 'quick-loss' })).rejects.toThrow(
    /the drill quick-loss rehearses a scenario that its runbook gives to another drill.*actual `drill: db-loss`/,
  );
});
