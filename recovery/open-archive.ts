import { PassThrough } from 'node:stream';
import type { PostgresServer, ToolProcess } from '../domain/service.ts';
import { TableOfContents } from './table-of-contents.ts';
import { writeTo } from './write-to.ts';

/** An archive that is being read by pg_restore. */
export interface OpenArchive<Head> {
  /** What pg_restore writes for the whole archive, while it arrives. */
  output: AsyncIterable<Buffer>;
  /** What it holds, once something of `output` has arrived. */
  contents: TableOfContents;
  /** What was made of that which pg_restore writes for the archive's head alone. */
  head: Promise<Head>;
  /** Settles when the archive was read to its end, by us and by pg_restore; rejects with the first failure. */
  completed: Promise<unknown>;
}

export interface ArchiveArguments<Head> {
  /** Arguments of the pg_restore that reads the whole archive. */
  body: readonly string[];
  /** Arguments of the one that needs the archive's head only. */
  head: readonly string[];
  readHead: (output: AsyncIterable<Buffer>, contents: TableOfContents) => Promise<Head>;
}

const bufferedBytes = 1024 * 1024;

/**
 * Lets pg_restore turn an archive into text while it arrives. A pipe gives the sections of a script in their order, so
 * the statements that follow the rows would be known only after the last row. The table of contents at the archive's
 * head holds them all: a second pg_restore is fed from the same stream, writes what it is asked for and ends.
 */
export function openArchive<Head>(
  chunks: AsyncIterable<Buffer>,
  server: PostgresServer,
  signal: AbortSignal,
  { body: bodyArguments, head: headArguments, readHead }: ArchiveArguments<Head>,
): OpenArchive<Head> {
  const body = new PassThrough({ highWaterMark: bufferedBytes });
  const head = new PassThrough({ highWaterMark: bufferedBytes });
  const run = (input: PassThrough, args: readonly string[]): ToolProcess => {
    // Its failure reaches the reader through the tool.
    input.on('error', () => {});
    return server.tool('pg_restore', args, { input, signal });
  };
  const bodyTool = run(body, bodyArguments);
  const headTool = run(head, headArguments);
  const contents = new TableOfContents();
  const headRead = readHead(headTool.stdout as AsyncIterable<Buffer>, contents).then(async (read) => {
    await headTool.completed;
    return read;
  });
  const pumped = pump(chunks, { body, head, headRead, contents, signal });
  return {
    output: bodyTool.stdout as AsyncIterable<Buffer>,
    contents,
    head: headRead,
    completed: Promise.all([pumped, bodyTool.completed, headRead]),
  };
}

interface Inputs {
  body: PassThrough;
  head: PassThrough;
  headRead: Promise<unknown>;
  contents: TableOfContents;
  signal: AbortSignal;
}

async function pump(chunks: AsyncIterable<Buffer>, { body, head, headRead, contents, signal }: Inputs): Promise<void> {
  let headWanted = true;
  const headEnded = headRead.then(
    () => (headWanted = false),
    () => (headWanted = false),
  );
  try {
    for await (const chunk of chunks) {
      signal.throwIfAborted();
      contents.take(chunk);
      if (headWanted) await Promise.race([writeTo(head, chunk), headEnded]);
      // Without a reader the rest is still read: only at its end the archive's sha256 is known.
      await writeTo(body, chunk);
    }
    head.end();
    body.end();
  } catch (error) {
    const cause = error instanceof Error ? error : new Error(String(error));
    head.destroy(cause);
    body.destroy(cause);
    throw error;
  }
}
