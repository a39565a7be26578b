import { open } from 'node:fs/promises';

const tailBytes = 64 * 1024;

/**
 * The last lines of a log file, without the secrets that are named; empty when there is no file. Reads no more than
 * the last 64 KiB.
 */
export async function readLogTail(file: string, lines = 20, secrets: readonly string[] = []): Promise<string> {
  const handle = await open(file, 'r').catch(() => undefined);
  if (handle === undefined) return '';
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, tailBytes);
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    return withoutSecrets(lastLines(buffer.toString('utf8'), lines), secrets);
  } finally {
    await handle.close();
  }
}

/** The last lines of a text, without trailing white space. */
export function lastLines(text: string, lines: number): string {
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}

/** The text with every secret replaced by `***`. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.filter((secret) => secret !== '').reduce((clean, secret) => clean.replaceAll(secret, '***'), text);
}
