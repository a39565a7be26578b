import { parentPort, workerData } from 'node:worker_threads';
import { openRecipient } from './age-header.ts';

// The other side of `headersAhead`: answers a number with so many headers, each with its key behind it.
const recipient = await openRecipient(workerData as string);

parentPort?.on('message', (count: number) => void make(count));

async function make(count: number): Promise<void> {
  const pieces: Uint8Array[] = [];
  for (let made = 0; made < count; made += 1) {
    const { header, fileKey } = await recipient.newHeader();
    pieces.push(header, fileKey);
  }
  // Memory of its own, not a piece of a shared pool: it goes over to the other thread as it is.
  const all = new Uint8Array(pieces.reduce((sizeBytes, piece) => sizeBytes + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  parentPort?.postMessage(all, [all.buffer]);
}
