import type { Writable } from 'node:stream';

/**
 * Writes a chunk and waits until the stream takes more. A stream that was closed takes nothing, and one that
 * failed no more: then this resolves at once, and whoever must know listens to its errors.
 */
export async function writeTo(stream: Writable, chunk: Buffer): Promise<void> {
  if (stream.destroyed || stream.write(chunk)) return;
  await new Promise<void>((resolve) => {
    const settle = (): void => {
      stream.off('drain', settle);
      stream.off('close', settle);
      stream.off('error', settle);
      resolve();
    };
    stream.on('drain', settle);
    stream.on('close', settle);
    stream.on('error', settle);
  });
}
