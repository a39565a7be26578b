import { DrillError } from '../domain/drill-error.ts';
import type { StoreName } from '../domain/service.ts';
import { need, type DrillContext } from './context.ts';
import { until } from './until.ts';

interface Wanted {
  stores: readonly StoreName[];
  withinMs: number;
  /** What is wrong where nothing comes: the beginning of the error. */
  otherwise: string;
}

/** Waits until users, whose part the markers play, have written into each of the stores; an `internal` error otherwise. */
export async function furtherWrites(context: DrillContext, { stores, withinMs, otherwise }: Wanted): Promise<void> {
  const { acks } = need(context, 'markers');
  const written = (store: StoreName): number => acks.filter((ack) => ack.store === store).length;
  const before = new Map(stores.map((store) => [store, written(store)]));
  const all = async (): Promise<boolean> => stores.every((store) => written(store) >= (before.get(store) ?? 0) + 2);
  if (await until(context, withinMs, all)) return;
  throw new DrillError({
    code: 'internal',
    what: otherwise,
    expected: `two writes into each of ${stores.join(', ')} within ${withinMs / 1000} s`,
  });
}
