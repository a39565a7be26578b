import { describe, expect, it } from 'vitest';
import { implementationsOf, type Implementation, type StoreTypes } from '../../stack/implementations.ts';

/**
 * Declares a contract once for every implementation of a store. One that does not run here is skipped, and said, since
 * the reporter does not show the names of skipped suites; with FIREDRILL_REQUIRE_CONTAINERS=1 a missing container is red.
 */
export async function describeImplementations<Name extends keyof StoreTypes>(
  store: Name,
  contract: (implementation: Implementation<StoreTypes[Name]>) => void,
): Promise<void> {
  const containersRequired = process.env['FIREDRILL_REQUIRE_CONTAINERS'] === '1';
  for (const implementation of await implementationsOf(store)) {
    const { name, missing } = implementation;
    if (missing === undefined) {
      describe(name, () => contract(implementation));
    } else if (containersRequired && name.includes('container')) {
      it(`${name} runs here`, () => expect.fail(`FIREDRILL_REQUIRE_CONTAINERS=1, but ${missing}`));
    } else {
      process.stdout.write(`contract of ${store}: ${name} does not run here: ${missing}\n`);
      describe.skip(`${name} (skipped: ${missing})`, () => contract(implementation));
    }
  }
}
