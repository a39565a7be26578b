import type { Json, SearchDocument } from '../json.ts';
import { badRequest } from '../refusal.ts';

const idBytesMax = 511;

/** The id of a document as text. Throws when it is missing or is none, in the words of a real server. */
export function documentId(document: SearchDocument, primaryKey: string): string {
  const value = primaryKey in document ? document[primaryKey] : nested(document, primaryKey);
  if (value === undefined) {
    throw badRequest(
      'missing_document_id',
      `Document doesn't have a \`${primaryKey}\` attribute: \`${JSON.stringify(document)}\`.`,
    );
  }
  const isNumber = typeof value === 'number' && Number.isSafeInteger(value);
  const id = typeof value === 'string' ? value : isNumber ? String(value) : undefined;
  if (id !== undefined && /^[\w-]+$/.test(id) && id.length <= idBytesMax) return id;
  throw badRequest(
    'invalid_document_id',
    `Document identifier \`${JSON.stringify(value)}\` is invalid. A document identifier can be of type integer or string, only composed of alphanumeric characters (a-z A-Z 0-9), hyphens (-) and underscores (_), and can not be more than ${idBytesMax} bytes.`,
  );
}

/** The only attribute of the first level whose name ends with `id`. */
export function inferPrimaryKey(document: SearchDocument): string {
  const candidates = Object.keys(document).filter((name) => name.toLowerCase().endsWith('id'));
  const [first, second] = candidates.toSorted();
  const advice = 'Please specify the primary key manually using the `primaryKey` query parameter.';
  if (first === undefined) {
    throw badRequest(
      'index_primary_key_no_candidate_found',
      `The primary key inference failed as the engine did not find any field ending with \`id\` in its name. ${advice}`,
    );
  }
  if (second === undefined) return first;
  throw badRequest(
    'index_primary_key_multiple_candidates_found',
    `The primary key inference failed as the engine found ${candidates.length} fields ending with \`id\` in their names: '${first}' and '${second}'. ${advice}`,
  );
}

function nested(document: SearchDocument, path: string): Json | undefined {
  let value: Json | undefined = document;
  for (const name of path.split('.')) {
    value = typeof value === 'object' && value !== null && !Array.isArray(value) ? value[name] : undefined;
  }
  return value;
}
