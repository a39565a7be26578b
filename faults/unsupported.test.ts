import { expect, it } from 'vitest';
import { DrillError } from '../domain/drill-error.ts';
import type { Stack, StartChanges } from '../domain/service.ts';
import { clockOff } from './clock-off.ts';
import { diskFull } from './disk-full.ts';

/** A machine on which nothing of the kind can be done, with a search server that writes down what happens to it. */
function incapable(): { stack: Stack; happened: string[] } {
  const happened: string[] = [];
  const refuse = (): Promise<never> =>
    Promise.reject(new DrillError({ code: 'unsupported', what: 'not on this machine' }));
  const search = {
    stop: async () => void happened.push('stop'),
    start: (changes?: StartChanges) => (changes ? refuse() : Promise.resolve(void happened.push('start'))),
    dataExists: async () => true,
    disk: { confine: refuse, fill: refuse, release: async () => void happened.push('release') },
  };
  return { stack: { search } as unknown as Stack, happened };
}

it.each([
  ['clock-off', clockOff({ service: 'search' }), ['stop', 'stop', 'start']],
  ['disk-full', diskFull({ service: 'search' }), ['stop', 'stop', 'release', 'start']],
] as const)('%s says that it cannot strike here, and leaves the service running', async (_, fault, expected) => {
  const { stack, happened } = incapable();
  await expect(fault.inject(stack)).rejects.toMatchObject({ code: 'unsupported' });
  expect(happened).toEqual(expected);
  await fault.lift(stack);
  expect(happened, 'there is nothing left to lift').toEqual(expected);
});

it('a disk is full only under a service that keeps data', async () => {
  const stack = { apps: () => [{ info: { service: 'api' }, baseUrl: 'http://127.0.0.1:1' }] } as unknown as Stack;
  await expect(diskFull({ service: 'api' }).inject(stack)).rejects.toThrow(
    /disk-full has nothing to strike.*keeps data/,
  );
});
