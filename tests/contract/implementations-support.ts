import { describe, expect, it } from 'vitest';
import { implementationsOf, type Implementation, type StoreTypes } from '../../stack/implementations.ts';

/**
 * Declares a contract once for every implementation of a store. One that does not run here is skipped, with the reason
 * in its name; with FIREDRILL_REQUIRE_CONTAINERS=1 a missing container is red. `withoutContainer` says why a contract
 * does without the container altogether.
 */
export async function describeImplementations<Name extends keyof StoreTypes>(
  store: Name,
  contract: (implementation: Implementation<StoreTypes[Name]>) => void,
  { withoutContainer }: { withoutContainer?: string } = {},
): Promise<void> {
  const containersRequired = process.env['FIREDRILL_REQUIRE_CONTAINERS'] === '1';
  for (const implementation of await implementationsOf(store)) {
    const { name } = implementation;
    const isContainer = name.includes('container');
    const why = (isContainer ? withoutContainer : undefined) ?? implementation.missing;
    if (why === undefined) {
      describe(name, () => contract(implementation));
    } else if (containersRequired && isContainer && withoutContainer === undefined) {
      it(`${name} runs here`, () => expect.fail(`FIREDRILL_REQUIRE_CONTAINERS=1, but ${why}`));
    } else {
      describe.skip(`${name} (skipped: ${why})`, () => contract(implementation));
    }
  }
}
