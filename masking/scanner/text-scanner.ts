import type { Canary } from '../../domain/system.ts';
import { createCanarySearch } from './canary-search.ts';
import type { Finds } from './finds.ts';
import { PatternSearch, type PatternOptions } from './pattern-search.ts';

export interface TextScannerOptions extends PatternOptions {
  canaries: readonly Pick<Canary, 'id' | 'value'>[];
}

/** Scans `bytes[start, end)`; whatever the bytes are, they are looked at as text. */
export type TextScanner = (bytes: Buffer, start: number, end: number, finds: Finds) => void;

/** Makes the scanner of one scan: canaries in one pass, then patterns with their validators in another. */
export function createTextScanner(options: TextScannerOptions): TextScanner {
  const searchCanaries = createCanarySearch(options.canaries);
  const patterns = new PatternSearch(options);
  return (bytes, start, end, finds) => {
    searchCanaries(bytes, start, end, finds);
    patterns.search(bytes, start, end, finds);
  };
}
