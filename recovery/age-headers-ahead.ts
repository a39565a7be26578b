import { Worker } from 'node:worker_threads';
import type { FileHeader, OpenRecipient } from './age-header.ts';

/** Headers that the thread makes at a time; as many again are asked for when half of them are used up. */
const batch = 128;
const fileKeyBytes = 16;

interface Waiting {
  resolve: (header: FileHeader) => void;
  reject: (error: Error) => void;
}

/**
 * The headers of a recipient, made ahead in a thread of its own. With small objects the curve's arithmetic for each
 * would be a quarter of what the thread does that moves them. Whoever disposes it ends the thread.
 */
export function headersAhead(recipient: string, { headerBytes }: OpenRecipient): OpenRecipient & AsyncDisposable {
  const worker = new Worker(new URL('./age-headers-thread.ts', import.meta.url), { workerData: recipient });
  const ready: FileHeader[] = [];
  const waiting: Waiting[] = [];
  let failure: Error | undefined;
  let isAsked = false;
  const ask = (): void => {
    if (isAsked || ready.length > batch / 2) return;
    isAsked = true;
    worker.postMessage(batch);
  };
  const fail = (error: Error): void => {
    failure ??= error;
    for (const { reject } of waiting.splice(0)) reject(error);
  };
  worker.on('message', (made: Uint8Array) => {
    isAsked = false;
    ready.push(...split(Buffer.from(made.buffer), headerBytes));
    for (const { resolve } of waiting.splice(0, ready.length)) resolve(ready.pop() as FileHeader);
    if (waiting.length > 0) ask();
  });
  worker.on('error', (error) => fail(error as Error));
  worker.on('exit', () => fail(new Error('the thread that makes headers has ended')));
  ask();
  return {
    headerBytes,
    newHeader: () => {
      if (failure) return Promise.reject(failure);
      const header = ready.pop();
      ask();
      return header ? Promise.resolve(header) : new Promise((resolve, reject) => waiting.push({ resolve, reject }));
    },
    [Symbol.asyncDispose]: async () => {
      await worker.terminate();
    },
  };
}

/** They come in one piece, since each piece between threads costs: a header, its key, the next header, … */
function split(made: Buffer, headerBytes: number): FileHeader[] {
  const bytes = headerBytes + fileKeyBytes;
  return Array.from({ length: made.length / bytes }, (_, index) => {
    const at = index * bytes;
    return { header: made.subarray(at, at + headerBytes), fileKey: made.subarray(at + headerBytes, at + bytes) };
  });
}
