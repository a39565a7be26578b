import { createReadStream } from 'node:fs';
import { DrillError } from '../domain/drill-error.ts';

/**
 * The lines of a file as bytes, read as a stream; the last one may lack its line end. A `DrillError` (`usage`) when there
 * is no such file.
 */
export async function* linesOf(file: string): AsyncGenerator<{ bytes: Buffer; isWhole: boolean }> {
  let rest: Buffer = Buffer.alloc(0);
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>) {
      const block = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let from = 0;
      for (let end = block.indexOf(0x0a); end >= 0; end = block.indexOf(0x0a, from)) {
        yield { bytes: block.subarray(from, end), isWhole: true };
        from = end + 1;
      }
      rest = block.subarray(from);
    }
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    throw new DrillError({ code: 'usage', what: 'there is no ledger', expected: 'a file', where: file, cause });
  }
  if (rest.length > 0) yield { bytes: rest, isWhole: false };
}
