import { createReadStream } from 'node:fs';

/**
 * The lines of a UTF-8 file as they are read, without empty ones. Only a line feed ends a line: `node:readline` would also
 * split at U+2028, which JSON text may hold.
 */
export async function* linesOf(file: string): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of createReadStream(file, { encoding: 'utf8', highWaterMark: 256 * 1024 })) {
    const lines = (rest + (chunk as string)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') yield line;
  }
  if (rest.trim() !== '') yield rest;
}
