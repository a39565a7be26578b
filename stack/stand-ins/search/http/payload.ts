import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { isObject } from '../json.ts';
import { badRequest, notImplemented, Refusal } from '../refusal.ts';

/** Lines written to the file at a time. */
const linesAtOnce = 500;

type Format = 'json' | 'ndjson';

/**
 * Writes the documents of a payload into a file, one JSON text a line, and says how many they are. JSON (a list or one
 * document) and NDJSON are read; one document after the other is taken out of the buffer, so that memory holds no second
 * copy of a large payload. Refuses what is malformed; then no file is left.
 */
export function writePayload(file: string, body: Buffer, format: Format): number {
  const handle = openSync(file, 'w');
  try {
    let documents = 0;
    let lines: string[] = [];
    for (const text of format === 'json' ? jsonDocuments(body) : lineDocuments(body)) {
      lines.push(`${normalizedDocument(text, body, format)}\n`);
      documents++;
      if (lines.length < linesAtOnce) continue;
      writeSync(handle, lines.join(''));
      lines = [];
    }
    writeSync(handle, lines.join(''));
    return documents;
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  } finally {
    closeSync(handle);
  }
}

/** The format of a payload of documents by its content type. Refuses one that is missing, unknown, or empty. */
export function payloadFormat({ body, contentType }: { body: Buffer; contentType: string | undefined }): Format {
  const accepted =
    'Accepted values for the Content-Type header are: `application/json`, `application/x-ndjson`, `text/csv`';
  if (contentType === undefined) {
    throw new Refusal(415, 'missing_content_type', `A Content-Type header is missing. ${accepted}`);
  }
  const type = contentType.split(';')[0]?.trim().toLowerCase();
  if (type === 'text/csv') throw notImplemented('documents as `text/csv`');
  const format = type === 'application/json' ? 'json' : type === 'application/x-ndjson' ? 'ndjson' : undefined;
  if (!format) {
    const words = `The Content-Type \`${contentType}\` is invalid. ${accepted}`;
    throw new Refusal(415, 'invalid_content_type', words);
  }
  if (body.length === 0) throw badRequest('missing_payload', `A ${format} payload is missing.`);
  return format;
}

function normalizedDocument(text: string, body: Buffer, format: Format): string {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw malformed(format, error instanceof Error ? error.message : String(error));
  }
  if (!isObject(document))
    throw malformed(format, `invalid type: expected a document, but found \`${text.slice(0, 50)}\``);
  return JSON.stringify(document);
}

function* lineDocuments(body: Buffer): Generator<string> {
  for (let start = 0; start < body.length;) {
    const found = body.indexOf(0x0a, start);
    const end = found === -1 ? body.length : found;
    const line = body.toString('utf8', start, end).trim();
    if (line !== '') yield line;
    start = end + 1;
  }
}

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c];
const opening = new Map([
  [0x7b, 'an object'],
  [0x5b, 'a list'],
]);
const closing = new Map([
  [0x7d, 'an object'],
  [0x5d, 'a list'],
]);
const blank = new Set([0x20, 0x09, 0x0a, 0x0d]);

/** Cuts a list into its elements by brackets and quotes alone; whether they are JSON is found when each is parsed. */
function* jsonDocuments(body: Buffer): Generator<string> {
  let at = 0;
  while (blank.has(body[at] ?? 0)) at++;
  if (opening.get(body[at] ?? 0) !== 'a list') {
    const open = scan(body, at, () => {});
    if (open) throw malformed('json', `EOF while parsing ${open} ${endOf(body)}`);
    yield body.toString('utf8', at);
    return;
  }
  const cuts: number[] = [at];
  const open = scan(body, at, (index) => cuts.push(index));
  if (open) throw malformed('json', `EOF while parsing ${open} ${endOf(body)}`);
  const last = cuts.pop() ?? at;
  if (body.toString('utf8', last + 1).trim() !== '') throw malformed('json', `trailing characters ${endOf(body)}`);
  const empty = cuts.length === 1 && body.toString('utf8', at + 1, last).trim() === '';
  if (empty) return;
  for (const [index, start] of cuts.entries()) yield body.toString('utf8', start + 1, cuts[index + 1] ?? last);
}

/**
 * Goes through JSON text and calls `cut` at every comma between elements of the outermost list and at its end. Says what is
 * still open at the end of the text.
 */
function scan(body: Buffer, from: number, cut: (index: number) => void): string | undefined {
  const open: string[] = [];
  let inText = false;
  for (let at = from; at < body.length; at++) {
    const byte = body[at] ?? 0;
    if (inText) {
      if (byte === backslash) at++;
      else if (byte === quote) inText = false;
      continue;
    }
    const opened = opening.get(byte);
    if (opened) open.push(opened);
    else if (byte === quote) inText = true;
    else if (byte === comma && open.length === 1) cut(at);
    else if (closing.has(byte)) {
      if (open.pop() !== closing.get(byte)) throw malformed('json', `unexpected \`${String.fromCodePoint(byte)}\``);
      if (open.length > 0) continue;
      cut(at);
      return undefined;
    }
  }
  return inText ? 'a string' : open.at(-1);
}

/** The end of the text as line and column, counted from 1 and in bytes. */
function endOf(body: Buffer): string {
  const lines = body.toString('utf8').split('\n');
  return `at line ${lines.length} column ${Buffer.byteLength(lines.at(-1) ?? '')}`;
}

function malformed(format: Format, words: string): Refusal {
  const message = `The \`${format}\` payload provided is malformed. \`Couldn't serialize document value: ${words}\`.`;
  return badRequest('malformed_payload', message);
}
