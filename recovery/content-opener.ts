import { hash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { OpenIdentity } from './age-header.ts';
import { contentsElsewhere, type ContentOpener } from './contents-elsewhere.ts';
import { decryptWhole } from './decryption.ts';

/** This process, and the two stores that it moves objects between. */
const busyProcessors = 2;

/**
 * Opens the contents of a restore: in a thread of its own where there is a processor for it. On a machine with two, which
 * the stores and this process have at work already, a thread only adds to what is to be done.
 */
export function contentOpener(
  secretKey: string,
  identity: OpenIdentity,
  processors = availableParallelism(),
): ContentOpener & AsyncDisposable {
  return processors > busyProcessors ? contentsElsewhere(secretKey) : contentsHere(identity);
}

function contentsHere(identity: OpenIdentity): ContentOpener & AsyncDisposable {
  return {
    open: async (sealed, where) => {
      const plain = await decryptWhole(Buffer.from(sealed.buffer), identity, where);
      return { plain, sha256: hash('sha256', plain, 'hex') };
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
