import { createReadStream } from 'node:fs';
import { posix } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { text } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { DrillError, messageOf } from '../domain/drill-error.ts';
import type { SearchBackupKind } from '../domain/search-backup.ts';

/** What a dump or snapshot says of itself. */
export interface SearchFileFacts {
  /** Version of the server that wrote it. */
  serverVersion: string;
  /** Only of a dump: `V6`. */
  format?: string;
}

/**
 * Reads a dump or snapshot to its end, a gzip-compressed tar in both cases (recorded of Meilisearch 1.50.0): a dump has
 * `metadata.json`, a snapshot has `VERSION`. Throws `backup-invalid` when it is cut short or something else.
 */
export async function inspectSearchFile(file: string, kind: SearchBackupKind, where: string): Promise<SearchFileFacts> {
  const head = kind === 'dump' ? 'metadata.json' : 'VERSION';
  let found: string | undefined;
  try {
    const tar = extract();
    const feeding = pipeline(createReadStream(file), createGunzip(), tar);
    // An entry in which the file ends would wait for the rest for ever: its reading is raced against the feeding.
    const cutOff = new Promise<never>((_, reject) => void feeding.catch(reject));
    cutOff.catch(() => undefined);
    for await (const entry of tar) {
      if (posix.normalize(entry.header.name) === head)
        found = await Promise.race([text(entry as unknown as NodeJS.ReadableStream), cutOff]);
      else entry.resume();
    }
    await feeding;
    if (found === undefined) throw new Error(`it has no ${head}`);
    return kind === 'snapshot' ? { serverVersion: found.trim() } : dumpFacts(found);
  } catch (cause) {
    throw new DrillError({
      code: 'backup-invalid',
      service: 'search',
      what: `the ${kind} of the search server cannot be read to its end`,
      expected: `a complete archive with ${head}`,
      actual: messageOf(cause),
      where,
      hint: 'It was cut short before it was stored. Use an earlier backup, or rebuild the index from the database.',
      cause,
    });
  }
}

function dumpFacts(metadata: string): SearchFileFacts {
  const { dbVersion, dumpVersion } = JSON.parse(metadata) as { dbVersion?: string; dumpVersion?: string };
  if (dbVersion === undefined || dumpVersion === undefined) throw new Error('its metadata name no version');
  return { serverVersion: dbVersion, format: dumpVersion };
}
