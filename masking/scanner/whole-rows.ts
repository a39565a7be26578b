const LINE_FEED = 0x0a;

/**
 * Cuts a stream of COPY text so that each piece ends where a row ends; a last row without line feed is a piece too. A
 * line of `\.`, which ends the data in a dump, is a row like any other here: there is nothing in it.
 */
export async function* wholeRows(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(LINE_FEED) + 1;
    if (end === 0) {
      rest.push(chunk);
      continue;
    }
    const rows = chunk.subarray(0, end);
    yield rest.length === 0 ? rows : Buffer.concat([...rest, rows]);
    rest = end === chunk.length ? [] : [chunk.subarray(end)];
  }
  if (rest.length > 0) yield Buffer.concat(rest);
}
