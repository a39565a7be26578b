import type { ServiceRecord } from './record.ts';
import { storeNames, type StoreName } from './service.ts';

/** A store that ran on a built-in stand-in: what was seen of it is no evidence for the product. */
export interface StandIn {
  store: StoreName;
  /** `MinIO`. */
  product: string;
}

/** What every stand-in says of itself: `built-in stand-in for MinIO`. */
const naming = /^built-in stand-in for (.+?)(?: \(|$)/;

/** The stores of a run that were stand-ins in any of their roles, each once. */
export function standInsOf(services: readonly Pick<ServiceRecord, 'name' | 'implementation'>[]): StandIn[] {
  return storeNames.flatMap((store) => {
    const products = services
      .filter(({ name }) => name === store)
      .flatMap(({ implementation }) => naming.exec(implementation)?.[1] ?? []);
    return products[0] === undefined ? [] : [{ store, product: products[0] }];
  });
}

/** `objects (for MinIO) and search (for Meilisearch)`. */
export function standInWords(standIns: readonly StandIn[]): string {
  const words = standIns.map(({ store, product }) => `${store} (for ${product})`);
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** Parts of a check's name that say which store it is about. */
const storeParts: Readonly<Record<string, StoreName>> = {
  objects: 'objects',
  storage: 'objects',
  search: 'search',
  'search-backup': 'search',
};

/** The store that a check is about by its name, `backup.objects` or `objectives.rpo.search`; `undefined` for the others. */
export function storeOfCheck(check: string): StoreName | undefined {
  return check.split('.').flatMap((part) => storeParts[part] ?? storeParts[part.split('-')[0] ?? ''] ?? [])[0];
}
