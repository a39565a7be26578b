import type { Writable } from 'node:stream';

const noBytes = Buffer.alloc(0);

/**
 * Writes a chunk through a COPY into its connection and waits until the system has taken all of it. A stream that has
 * failed takes nothing: then this resolves at once, and whoever must know listens to its errors.
 */
export async function handOver(chunk: Buffer, copy: Writable, connection: Writable): Promise<void> {
  // First the COPY hands it to the connection, which it does not before the server has asked for rows.
  await untilSettled(copy, (done) => copy.write(chunk, done));
  // Then the connection hands it to the system: what is written behind it is done after it.
  if (connection.writableLength > 0) await untilSettled(connection, (done) => connection.write(noBytes, done));
}

async function untilSettled(stream: Writable, act: (done: () => void) => void): Promise<void> {
  if (stream.destroyed) return;
  await new Promise<void>((resolve) => {
    const settle = (): void => {
      stream.off('error', settle);
      stream.off('close', settle);
      resolve();
    };
    stream.on('error', settle);
    stream.on('close', settle);
    act(settle);
  });
}
