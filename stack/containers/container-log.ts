import type Dockerode from 'dockerode';
import { lastLines, withoutSecrets } from '../log-tail.ts';
import { outputPieces } from './frames.ts';
import { isMissing } from './is-missing.ts';

/** The last lines that a container wrote to stdout and stderr, without the secrets that are named. */
export async function readContainerLog(
  container: Dockerode.Container,
  lines: number,
  secrets: readonly string[],
): Promise<string> {
  try {
    const log = await container.logs({ stdout: true, stderr: true, follow: false, tail: lines });
    const pieces = await Array.fromAsync(outputPieces([log]));
    const text = Buffer.concat(pieces.map(({ data }) => data)).toString('utf8');
    return withoutSecrets(lastLines(text, lines), secrets);
  } catch (error) {
    if (isMissing(error)) return '';
    throw error;
  }
}
