import { S3Error } from './errors.ts';

/** Source: S3 user guide, "Categorizing your objects using tags". */
const allowedCharacters = /^[\p{L}\p{N}\p{Z}_.:/=+\-@]*$/u;

/** The tags that an upload brings in its header, written as a query. */
export function tagsOfHeader(header: string | undefined): Record<string, string> {
  return checkTags([...new URLSearchParams(header ?? '')]);
}

/** The tags of one object, by their keys; throws when they break S3's rules for them. */
export function checkTags(pairs: readonly (readonly [string, string])[]): Record<string, string> {
  if (pairs.length > 10) throw new S3Error('BadRequest', 'Tags cannot be more than 10.');
  for (const [key, value] of pairs) {
    const valid = key !== '' && key.length <= 128 && value.length <= 256 && allowedCharacters.test(key + value);
    if (!valid) throw new S3Error('InvalidTag');
  }
  const tags = Object.fromEntries(pairs);
  if (Object.keys(tags).length !== pairs.length) {
    throw new S3Error('InvalidTag', 'Cannot provide multiple Tags with the same key.');
  }
  return tags;
}
