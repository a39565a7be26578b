import type { ReconciliationEntry } from '../domain/reconciliation.ts';

const pageEntries = 1000;
/** One in so many keys has each fault; a divisor of every size that is measured. */
const faultEvery = 1000;

/** How many keys of each kind of fault a listing of so many keys has. */
export function faultsOf(size: number): number {
  return size / faultEvery;
}

/**
 * The rows' side: every key but one in a thousand, in order, in pages that have to be waited for, as those of a server
 * are. Nothing is kept: an entry is made when it is read.
 */
export function simulatedRows(size: number): AsyncGenerator<ReconciliationEntry> {
  return inPages(size, (position) => {
    // The key that the rows lack is an object or document without a row.
    return position % faultEvery === 1 ? undefined : { ...entryOf(position), rowId: String(position) };
  });
}

/** A store's side in order: one key in a thousand is missing, one has another digest. */
export function simulatedItems(size: number): AsyncGenerator<ReconciliationEntry> {
  return inPages(size, itemOf);
}

/** The same content in an order of its own, as a search engine gives its documents. */
export function simulatedDocuments(size: number): AsyncGenerator<ReconciliationEntry> {
  // A stride without a common divisor with a power of ten visits every position once.
  const stride = 7_919;
  return inPages(size, (position) => itemOf((position * stride) % size));
}

function itemOf(position: number): ReconciliationEntry | undefined {
  const fault = position % faultEvery;
  if (fault === 2) return undefined;
  return fault === 3 ? { ...entryOf(position), digest: digestOf(position + 1) } : entryOf(position);
}

function entryOf(position: number): ReconciliationEntry {
  return { key: `originals/${String(position).padStart(12, '0')}.bin`, digest: digestOf(position) };
}

/** As long as a sha256 in hexadecimal; to make a real one would be most of what is measured. */
function digestOf(position: number): string {
  return (Math.imul(position + 1, 2_654_435_761) >>> 0).toString(16).padStart(64, '0');
}

async function* inPages(
  size: number,
  at: (position: number) => ReconciliationEntry | undefined,
): AsyncGenerator<ReconciliationEntry> {
  for (let start = 0; start < size; start += pageEntries) {
    await new Promise((resolve) => setImmediate(resolve));
    for (let position = start; position < Math.min(start + pageEntries, size); position += 1) {
      const entry = at(position);
      if (entry) yield entry;
    }
  }
}
