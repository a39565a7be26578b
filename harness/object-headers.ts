import { request } from 'undici';
import pLimit from 'p-limit';
import { judgeObjectHeaders } from '../checks/object-headers.ts';
import type { Finding } from '../domain/finding.ts';
import type { HeadersByHttp } from '../domain/object-headers.ts';
import type { ObjectStoreAccess } from '../domain/service.ts';
import { objectClient } from '../stack/clients.ts';
import { need, type DrillContext } from './context.ts';
import { drawnNumber } from './draw.ts';
import { replacedSince } from './newer-objects.ts';
import { objectName } from './object-rows.ts';

/** So many objects are asked for by plain HEAD. */
const sampleSize = 25;
const atATime = 8;
const urlSeconds = 600;

/** Headers that belong to an object and are the same after its restore. */
const kept =
  /^(content-(type|length|encoding|disposition|language)|cache-control|expires|x-amz-(meta-.+|tagging-count))$/;

/** Objects of the newest backup, drawn by the seed. */
export function sampleOfObjects(context: DrillContext): { bucket: string; key: string }[] {
  const entries = context.state.objectsBackup?.manifest.entries ?? [];
  const ranked = entries.map((entry) => ({ entry, rank: drawnNumber(context, objectName(entry), 2 ** 32) }));
  return ranked
    .toSorted((one, other) => one.rank - other.rank)
    .slice(0, sampleSize)
    .map(({ entry: { bucket, key } }) => ({ bucket, key }));
}

/** Asks a store for the headers of objects, past the client and its shapes: the client signs the address and no more. */
export async function askHeaders(
  access: ObjectStoreAccess,
  objects: readonly { bucket: string; key: string }[],
): Promise<HeadersByHttp> {
  const client = objectClient(access);
  const answers = await pLimit(atATime).map(objects, async (object) => {
    const url = await client.presignedUrl('HEAD', object.bucket, object.key, urlSeconds);
    const { statusCode, headers, body } = await request(url, { method: 'HEAD', reset: true });
    await body.dump();
    if (statusCode === 404) return [objectName(object), undefined] as const;
    // The address is a credential: it stands in no error.
    if (statusCode !== 200) throw new Error(`HEAD ${objectName(object)}: status ${statusCode}`);
    const own = Object.entries(headers).filter(([name]) => kept.test(name));
    return [objectName(object), Object.fromEntries(own.map(([name, value]) => [name, String(value)]))] as const;
  });
  return Object.fromEntries(answers);
}

/**
 * The store that serves now against what the sample answered before the fault. What users have replaced since, or what
 * was moved into quarantine, is not expected any more. Nothing in a drill that backs no objects up.
 */
export async function judgeHeadersAgain(context: DrillContext): Promise<Finding[]> {
  const { objectHeaders } = context.state;
  if (!objectHeaders) return [];
  const replaced = replacedSince(context.state);
  const objects = sampleOfObjects(context).filter((object) => !replaced.has(objectName(object)));
  const before = Object.fromEntries(objects.map((object) => [objectName(object), objectHeaders[objectName(object)]]));
  return [judgeObjectHeaders(before, await askHeaders(need(context, 'objects').access, objects))];
}
