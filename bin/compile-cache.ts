import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

/**
 * Keeps compiled modules beside the installed packages, for this process and those that it starts, which saves half of
 * the time that each takes to begin. Where nothing can be written, Node goes without. A folder that the user has chosen
 * (`NODE_COMPILE_CACHE`) stays, and `NODE_DISABLE_COMPILE_CACHE` is obeyed.
 */
export function keepCompiled(environment: NodeJS.ProcessEnv = process.env): void {
  const folder = join(import.meta.dirname, '..', 'node_modules', '.cache', 'firedrill');
  environment['NODE_COMPILE_CACHE'] ??= folder;
  enableCompileCache(environment['NODE_COMPILE_CACHE']);
}
