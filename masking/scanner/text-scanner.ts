import { isUtf8 } from 'node:buffer';
import type { Canary } from '../../domain/system.ts';
import { createCanarySearch } from './canary-search.ts';
import type { Finds } from './finds.ts';
import { PatternSearch, type PatternOptions } from './pattern-search.ts';

export interface TextScannerOptions extends PatternOptions {
  canaries: readonly Pick<Canary, 'id' | 'value'>[];
}

/** The searches of one scan: canaries in one pass, then patterns with their validators in another. */
export interface TextScanner {
  scanText(bytes: Buffer, start: number, end: number, finds: Finds): void;
  /**
   * The same for bytes of any kind. In random bytes some look like an address, so patterns are looked for in bytes that
   * are text as a whole, and else in the runs of printable characters among them, as `strings` does.
   */
  scanBinary(bytes: Buffer, finds: Finds): void;
}

/** Shortest run of printable characters that counts as text among other bytes. */
const shortestRun = 16;
const isControl = Array.from(
  { length: 256 },
  (_, byte) => byte === 0x7f || (byte < 0x20 && !'\t\n\r'.includes(String.fromCharCode(byte))),
);

export function createTextScanner(options: TextScannerOptions): TextScanner {
  const searchCanaries = createCanarySearch(options.canaries);
  const patterns = new PatternSearch(options);
  return {
    scanText(bytes, start, end, finds) {
      searchCanaries(bytes, start, end, finds);
      patterns.search(bytes, start, end, finds);
    },
    scanBinary(bytes, finds) {
      searchCanaries(bytes, 0, bytes.length, finds);
      for (const [start, end] of textRuns(bytes)) patterns.search(bytes, start, end, finds);
    },
  };
}

/** The parts of the bytes that are text. */
function textRuns(bytes: Buffer): [start: number, end: number][] {
  if (isUtf8(bytes) && !bytes.some((byte) => isControl[byte])) return [[0, bytes.length]];
  const runs: [number, number][] = [];
  for (let start = 0; start < bytes.length;) {
    let end = start;
    while (end < bytes.length && bytes[end]! < 0x80 && !isControl[bytes[end]!]) end++;
    if (end - start >= shortestRun) runs.push([start, end]);
    start = end + 1;
  }
  return runs;
}
