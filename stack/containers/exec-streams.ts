import type { Socket } from 'node:net';
import { Writable, type PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { outputPieces } from './frames.ts';

const stderrKeptChars = 64 * 1024;

/**
 * Writes stdout of a command on, at the reader's pace, and keeps the end of its stderr. `isComplete` is false when the
 * reader went away before it had everything; `end` is called then.
 */
export async function deliverOutputs(
  socket: Socket,
  stdout: PassThrough,
  end: () => void,
): Promise<{ stderr: string; isComplete: boolean }> {
  let stderr = '';
  let isComplete = true;
  for await (const { to, data } of outputPieces(socket)) {
    if (to === 'stderr') stderr = (stderr + data.toString('utf8')).slice(-stderrKeptChars);
    else if (stdout.destroyed) {
      isComplete = false;
      end();
    } else if (!stdout.write(data)) await drained(stdout);
  }
  const unreadBytes = stdout.readableLength + stdout.writableLength;
  return { stderr, isComplete: isComplete && !(stdout.destroyed && unreadBytes > 0) };
}

/** Resolves when the reader wants more, or has gone. */
function drained(stdout: PassThrough): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      stdout.off('drain', settle).off('close', settle);
      resolve();
    };
    stdout.once('drain', settle).once('close', settle);
  });
}

class CommandGone extends Error {}

/**
 * Streams `input` into the command and then closes that direction alone. An input that fails ends the command, which
 * would take its end for a whole one. A command may end before it has read everything: its exit code says whether
 * that was in order.
 */
export async function feedInput(
  input: Readable | undefined,
  socket: Socket,
  end: () => void,
): Promise<Error | undefined> {
  if (input === undefined) return undefined;
  const stdin = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      socket.write(chunk, (error) => done(error ? new CommandGone() : undefined));
    },
    final: (done) => {
      socket.end(() => done());
    },
  });
  socket.once('close', () => stdin.destroy(new CommandGone()));
  try {
    await pipeline(input, stdin);
    return undefined;
  } catch (error) {
    if (error instanceof CommandGone) return undefined;
    end();
    return error instanceof Error ? error : new Error(String(error));
  }
}
