import { Worker } from 'node:worker_threads';
import { DrillError, type DrillErrorFacts } from '../domain/drill-error.ts';

/** A content as it is stored, on its way to the thread. */
export interface SealedContent {
  id: number;
  sealed: Uint8Array;
  /** For messages. */
  where: string;
}

/** What the thread answers: the content, or what is wrong with it. `facts` are those of a `DrillError`. */
export type OpenedAnswer =
  | { id: number; plain: Uint8Array; sha256: string }
  | { id: number; message: string; facts?: DrillErrorFacts };

export interface OpenedContent {
  plain: Buffer;
  sha256: string;
}

/** Opens contents that are whole in memory. Throws as `decryptWhole` does. */
export interface ContentOpener {
  /** The memory of `sealed` may go to another thread: nobody else may use it then. */
  open(sealed: Uint8Array<ArrayBuffer>, where: string): Promise<OpenedContent>;
}

/** What the thread needs beside the contents themselves, which are no part of its heap, is little. */
const resourceLimits = { maxOldGenerationSizeMb: 48, maxYoungGenerationSizeMb: 4 };

/**
 * Decrypts and hashes in a thread of its own: with small objects, each of which is an age file, the curve's arithmetic
 * for its header is a fifth of what the thread does that moves them. The thread begins with the first content; whoever
 * disposes it ends it.
 */
export function contentsElsewhere(identity: string): ContentOpener & AsyncDisposable {
  const waiting = new Map<number, PromiseWithResolvers<OpenedContent>>();
  let worker: Worker | undefined;
  let failure: Error | undefined;
  let lastId = 0;
  const fail = (error: Error): void => {
    failure ??= error;
    for (const { reject } of waiting.values()) reject(failure);
    waiting.clear();
  };
  const take = (answer: OpenedAnswer): void => {
    const asked = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ('plain' in answer) {
      const { plain, sha256 } = answer;
      asked?.resolve({ plain: Buffer.from(plain.buffer, plain.byteOffset, plain.byteLength), sha256 });
    } else asked?.reject(answer.facts ? new DrillError(answer.facts) : new Error(answer.message));
  };
  const begin = (): Worker => {
    const begun = new Worker(new URL('./contents-thread.ts', import.meta.url), {
      workerData: identity,
      resourceLimits,
    });
    begun.on('message', take);
    begun.on('error', (error) => fail(error as Error));
    begun.on('exit', () => fail(new Error('the thread that opens contents has ended')));
    return begun;
  };
  return {
    open: (sealed, where) => {
      if (failure) return Promise.reject(failure);
      worker ??= begin();
      const asked = Promise.withResolvers<OpenedContent>();
      const id = (lastId += 1);
      waiting.set(id, asked);
      worker.postMessage({ id, sealed, where } satisfies SealedContent, [sealed.buffer]);
      return asked.promise;
    },
    [Symbol.asyncDispose]: async () => {
      await worker?.terminate();
    },
  };
}
