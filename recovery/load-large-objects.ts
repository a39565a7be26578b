import type { ArchivedObject } from './archive-blocks.ts';
import { restoreError, type RestoreSession } from './restore-session.ts';

/** What is sent at once: many pages of `pg_largeobject`, which has 2 kB in each. */
const pieceBytes = 512 * 1024;

/** Gives large objects, which are there and empty, their content, in one transaction. */
export async function loadLargeObjects(
  { client }: RestoreSession,
  objects: AsyncIterable<ArchivedObject>,
): Promise<void> {
  try {
    await client.query('BEGIN');
    for await (const { oid, content } of objects) {
      let offset = 0;
      for await (const piece of piecesOf(content)) {
        // As bytes: the text of a script has two letters for each.
        const text = 'SELECT pg_catalog.lo_put($1, $2, $3)';
        await client.query({ name: 'firedrill_lo_put', text, values: [oid, offset, piece] });
        offset += piece.length;
      }
    }
    await client.query('COMMIT');
  } catch (error) {
    throw restoreError('BLOBS', error);
  }
}

/** The same bytes in pieces of one size but for the last. Each is the reader's until it asks for the next. */
async function* piecesOf(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const piece = Buffer.allocUnsafeSlow(pieceBytes);
  let filled = 0;
  for await (const chunk of content) {
    for (let at = 0; at < chunk.length;) {
      const copied = chunk.copy(piece, filled, at);
      at += copied;
      filled += copied;
      if (filled < pieceBytes) continue;
      yield piece;
      filled = 0;
    }
  }
  if (filled > 0) yield piece.subarray(0, filled);
}
