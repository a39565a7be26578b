import { askUntil } from '../../domain/ask-until.ts';
import type { Clock } from '../../domain/clock.ts';

/** What every run in a process shares: what one leaves there is seen by the next. */
export interface GlobalState {
  environment: Record<string, string | undefined>;
  /** Listeners of the process, by event. */
  listeners: Record<string, number>;
  /** What keeps the event loop alive (timers, sockets, servers, child processes), by kind. */
  resources: Record<string, number>;
  workingFolder: string;
}

/** As it is now. */
export function globalState(): GlobalState {
  const listeners = process.eventNames().map((event) => [String(event), process.listenerCount(event)] as const);
  return {
    environment: { ...process.env },
    // Those that end what still runs when the process exits are set up once.
    listeners: Object.fromEntries(listeners.filter(([event]) => event !== 'exit')),
    resources: countsOf(process.getActiveResourcesInfo().filter((kind) => !kind.startsWith('FSReq'))),
    workingFolder: process.cwd(),
  };
}

/** What is there that was not before, or is not there any more, by name; connections are given seconds to close. */
export async function leftSince(before: GlobalState, clock: Clock, withinMs = 8_000): Promise<string[]> {
  const isLeft = (): boolean => differences(before, globalState()).length === 0;
  await askUntil(async () => isLeft(), { clock, withinMs, firstPauseMs: 20 }).catch(() => false);
  return differences(before, globalState());
}

function differences(before: GlobalState, now: GlobalState): string[] {
  const changed = Object.keys({ ...before.environment, ...now.environment }).filter(
    (name) => before.environment[name] !== now.environment[name],
  );
  return [
    ...changed.map((name) => `environment: ${name}`),
    ...more('listeners', before.listeners, now.listeners),
    ...more('resources', before.resources, now.resources),
    ...(before.workingFolder === now.workingFolder ? [] : [`working folder: ${now.workingFolder}`]),
  ];
}

function more(what: string, before: Record<string, number>, now: Record<string, number>): string[] {
  return Object.entries(now)
    .filter(([name, count]) => count > (before[name] ?? 0))
    .map(([name, count]) => `${what}: ${count} ${name}, ${before[name] ?? 0} before`);
}

function countsOf(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
