import { randomInt } from 'node:crypto';
import type { StagingStoreObservation } from '../../domain/masking.ts';
import type { Tokens } from '../../domain/system.ts';
import { productionStores, stagingStores, type DrillContext } from '../context.ts';

/** Numbers above those of any marker that a drill writes, and within 32 bits. */
const firstNumber = 1_500_000_000;

/**
 * Writes a marker through an application into each store, by the application's own paths, and asks the stores of the copy
 * and those of production which of them has it: what an application is connected to shows where its writes arrive.
 */
export async function observeStagingStores(
  context: DrillContext,
  app: { apiUrl: string; tokens: Tokens },
): Promise<StagingStoreObservation[]> {
  const { system, signal } = context;
  const copy = system.markerChannels({ ...stagingStores(context), ...app });
  const production = system.markerChannels({ ...productionStores(context), ...app });
  const observations: StagingStoreObservation[] = [];
  for (const [index, channel] of copy.entries()) {
    const { store, path } = channel;
    const number = randomInt(firstNumber, 2 ** 31 - 1);
    await channel.write(number, signal);
    const inCopy = (await channel.survivors()).includes(number);
    const inProduction = (await production[index]?.survivors())?.includes(number) ?? false;
    observations.push({ store, path, inCopy, inProduction });
  }
  return observations;
}
