import { compare, type WayFigures } from './figures.ts';
import { say } from './main.ts';
import { peakMemory } from './peak-memory.ts';
import { orderOf } from './peer.ts';
import type { ProcessorTime } from './processor-time.ts';

/** What one run of a way took. */
export type Used = ProcessorTime & { durationMs: number };

/** Measures every way as often, by turns; with the largest memory of this process meanwhile. */
export async function byTurns<W extends { name: string; title: string }>(
  ways: readonly W[],
  { runs, signal }: { runs: number; signal: AbortSignal },
  runOnce: (way: W) => Promise<Used>,
): Promise<{ ways: WayFigures[]; memoryBytes: number }> {
  const times = ways.map(({ name, title }) => ({
    name,
    title,
    durationsMs: new Array<number>(),
    clientMs: new Array<number>(),
    serverMs: new Array<number>(),
  }));
  using memory = peakMemory();
  // The first round warms the caches up and is not counted.
  for (let round = 0; round <= runs; round += 1) {
    for (const index of orderOf(round, ways.length)) {
      signal.throwIfAborted();
      const { durationMs, clientMs, serverMs } = await runOnce(ways[index]!);
      if (round > 0) {
        times[index]!.durationsMs.push(durationMs);
        times[index]!.clientMs.push(clientMs);
        times[index]!.serverMs.push(serverMs);
      }
      say(
        `${round === 0 ? 'warm-up' : `run ${round}`}  ${ways[index]!.name.padEnd(15)} ${(durationMs / 1000).toFixed(2)} s`,
      );
    }
  }
  return { ways: compare(times), memoryBytes: memory.peakBytes() };
}
