import { extname, join, resolve } from 'node:path';

/** File of the page: the `.html` file that was asked for, or `history.html` in that folder. */
export function historyFile(out: string): string {
  return resolve(extname(out) === '.html' ? out : join(out, 'history.html'));
}
