import { Readable } from 'node:stream';
import type { ToolProcess } from '../domain/service.ts';

/**
 * A tool's output as a stream that ends only when the tool has succeeded. Its bare stdout ends when the tool dies as
 * well, and half a dump would be taken for a whole one.
 */
export function toolOutput(tool: ToolProcess): Readable {
  return Readable.from(untilCompleted(tool), { objectMode: false, highWaterMark: 1024 * 1024 });
}

async function* untilCompleted({ stdout, completed }: ToolProcess): AsyncGenerator<Buffer> {
  yield* stdout as AsyncIterable<Buffer>;
  await completed;
}
