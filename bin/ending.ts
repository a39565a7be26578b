import { writeSync } from 'node:fs';
import { DrillError } from '../domain/drill-error.ts';
import { endings, endingSignals, type EndingName } from '../domain/ending.ts';

const controller = new AbortController();
let name: EndingName | undefined;
let worksInOrder = 0;

/**
 * From here on this process decides how it is ended. What holds nothing ends at once, with one line; what has things to
 * put away (`endInOrder`) is told, and the process ends when it is done. The exit code is that of the signal, 141 where
 * the reader of its output has gone. Nobody else is asked: test runner and libraries would end the process at once.
 */
export function listenForEndings(): void {
  for (const signal of endingSignals) {
    for (const listener of process.listeners(signal)) process.off(signal, listener);
    process.on(signal, end);
  }
  process.on('newListener', (event, listener) => {
    const isOurs = listener === end || !endingSignals.some((signal) => signal === event);
    if (!isOurs) queueMicrotask(() => process.off(event, listener as () => void));
  });
  process.stdout.on('error', () => end('SIGPIPE'));
  // There is nowhere left to say it.
  process.stderr.on('error', () => undefined);
  process.on('exit', () => {
    if (name !== undefined) process.exitCode = endings[name].exitCode;
  });
}

/** Does what has to be put away in order: `work` is given a signal that aborts when the process is to end. */
export async function endInOrder<T>(work: (ending: AbortSignal) => Promise<T>): Promise<T> {
  worksInOrder += 1;
  try {
    return await work(controller.signal);
  } finally {
    worksInOrder -= 1;
  }
}

/** How this process is being ended; `undefined` as long as it is not. */
export function endedBy(): EndingName | undefined {
  return name;
}

/** Ends a child process in the same way. One in the same terminal has heard of it already, which does no harm. */
export function passOn(ending: AbortSignal, child: { pid?: number | undefined }): () => void {
  const pass = (): void => {
    // Not by the library that has started it, which kills what has not cleared away after five seconds. A command knows no
    // signal for the end of its output, and finds that by itself.
    if (child.pid !== undefined) signalTo(child.pid, name === undefined || name === 'SIGPIPE' ? 'SIGTERM' : name);
  };
  if (ending.aborted) pass();
  else ending.addEventListener('abort', pass, { once: true });
  return () => ending.removeEventListener('abort', pass);
}

function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended already.
  }
}

/** The error of work that was ended. */
function endedError(): DrillError {
  return new DrillError({ code: 'interrupted', what: `ended by ${endings[name ?? 'SIGTERM'].told}` });
}

function end(signal: EndingName): void {
  // Once is enough: it is ending.
  if (name !== undefined) return;
  name = signal;
  showCursor();
  const { exitCode, told } = endings[signal];
  controller.abort(endedError());
  if (worksInOrder > 0) {
    say(`firedrill: ${told}: ending in order and clearing away; this takes some seconds`);
    return;
  }
  // As every other tool, it says nothing of a reader that has seen enough.
  if (signal !== 'SIGPIPE') say(`firedrill: ended by ${told}`);
  process.exit(exitCode);
}

/** Test runner and progress lines may have hidden it. */
function showCursor(): void {
  for (const stream of [process.stdout, process.stderr]) if (stream.isTTY) writeNow(stream.fd, '\u001B[?25h');
}

/** On stderr: standard output may be what has gone. */
export function say(line: string): void {
  writeNow(2, `${line}\n`);
}

function writeNow(descriptor: number, text: string): void {
  try {
    writeSync(descriptor, text);
  } catch {
    // A terminal that has gone, or a pipe that is full: nobody is there to read it.
  }
}
