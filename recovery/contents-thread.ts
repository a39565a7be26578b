import { hash } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { DrillError, messageOf } from '../domain/drill-error.ts';
import type { OpenedAnswer, SealedContent } from './contents-elsewhere.ts';
import { decryptWhole, readIdentity } from './decryption.ts';

// The other side of `contentsElsewhere`: answers each encrypted content with the plain one, or with what is wrong.
const identity = readIdentity(workerData as string);

parentPort?.on('message', (content: SealedContent) => void answer(content));

async function answer({ id, sealed, where }: SealedContent): Promise<void> {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  try {
    const opened = await decryptWhole(bytes, identity, where);
    // Memory of its own, not a piece of a shared pool: it goes over to the other thread as it is.
    const plain = opened.byteLength === opened.buffer.byteLength ? opened : new Uint8Array(opened);
    const sha256 = hash('sha256', plain, 'hex');
    post({ id, plain, sha256 }, [plain.buffer as ArrayBuffer]);
  } catch (error) {
    if (!(error instanceof DrillError)) return post({ id, message: messageOf(error) });
    const { cause: _, ...facts } = error.facts;
    post({ id, message: error.message, facts });
  }
}

function post(answer: OpenedAnswer, transferred: ArrayBuffer[] = []): void {
  parentPort?.postMessage(answer, transferred);
}
