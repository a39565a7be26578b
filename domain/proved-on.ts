import type { DrillRecord } from './record.ts';
import { storeNames } from './service.ts';
import { standInsOf, standInWords } from './stand-in.ts';

/** What a run shows something about: which stores were the real product, which a stand-in, and whose data it was. */
export function provedOn({ services, environment }: DrillRecord): string[] {
  const standIns = standInsOf(services);
  const real = storeNames.flatMap((store) => {
    if (standIns.some((standIn) => standIn.store === store)) return [];
    const own = services.find(({ name }) => name === store);
    return own ? [`${own.implementation} ${own.version}`] : [];
  });
  return [
    ...(real.length === 0 ? [] : [`Proved on the real server: ${real.join(', ')}.`]),
    ...(standIns.length === 0
      ? []
      : [`On built-in stand-ins: ${standInWords(standIns)}. What was seen of them is no evidence for these products.`]),
    environment.dataOrigin === 'synthetic'
      ? 'The data is synthetic: a backup of production may hold what it does not.'
      : 'The data is that of a real backup.',
  ];
}
