import { rmSync } from 'node:fs';

const paths = new Set<string>();

/**
 * A file or folder of a moment: it is removed when this process exits, however early that is. Returns how to forget it,
 * for one that was removed or put in its place.
 */
export function removeOnExit(path: string): () => void {
  if (process.listenerCount('exit', removeAll) === 0) process.on('exit', removeAll);
  paths.add(path);
  return () => paths.delete(path);
}

function removeAll(): void {
  for (const path of paths) rmSync(path, { recursive: true, force: true });
}
