import { Writable } from 'node:stream';

/** What vitest says of files that it wrote: the command says itself where everything is. */
const ownWords = /^.*\b(JUNIT|JSON) report written to .*\r?\n/gm;

/**
 * Where the output of a suite goes: to standard output as it comes, or nowhere. It is no terminal, so that vitest neither
 * hides the cursor nor draws over what the drill tells of itself.
 */
export function suiteOutput({ silent }: { silent: boolean }): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      const text = chunk.toString('utf8').replace(ownWords, '');
      if (!silent && text !== '') process.stdout.write(text);
      done();
    },
  });
}
