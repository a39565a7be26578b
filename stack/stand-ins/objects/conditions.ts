import { S3Error } from './errors.ts';
import type { Version } from './versions.ts';

type Known = Pick<Version, 'etag' | 'modifiedMs'>;

/**
 * Judges the conditions of a reading request against the version it would read: `unmodified` when the client has it
 * already; throws `PreconditionFailed`. Source: RFC 9110, section 13.2.2.
 */
export function checkRead(headers: Record<string, string>, version: Known): 'read' | 'unmodified' {
  const of = (name: string) => headers[name];
  if (failsMatch(of('if-match'), of('if-unmodified-since'), version)) {
    throw new S3Error('PreconditionFailed', undefined, validators(version));
  }
  return isKnown(of('if-none-match'), of('if-modified-since'), version) ? 'unmodified' : 'read';
}

/** The same for the source of a copy, where a version that the client has already is a refusal too. */
export function checkCopySource(headers: Record<string, string>, version: Known): void {
  const of = (name: string) => headers[`x-amz-copy-source-if-${name}`];
  const refused =
    failsMatch(of('match'), of('unmodified-since'), version) ||
    isKnown(of('none-match'), of('modified-since'), version);
  if (refused) throw new S3Error('PreconditionFailed', undefined, validators(version));
}

/** Judges the conditions of a write against the object that is there, if one is. */
export function checkWrite(headers: Record<string, string>, latest: Known | undefined): void {
  const { 'if-match': match, 'if-none-match': noneMatch } = headers;
  if (match !== undefined && !latest) throw new S3Error('NoSuchKey');
  if (!latest) return;
  if ((match !== undefined && !names(match, latest)) || (noneMatch !== undefined && names(noneMatch, latest))) {
    throw new S3Error('PreconditionFailed', undefined, validators(latest));
  }
}

/** The headers by which a client recognises a version. */
export function validators({ etag, modifiedMs }: Known): Record<string, string> {
  return { etag: `"${etag}"`, 'last-modified': new Date(modifiedMs).toUTCString() };
}

function failsMatch(match: string | undefined, unmodifiedSince: string | undefined, version: Known): boolean {
  if (match !== undefined) return !names(match, version);
  return unmodifiedSince !== undefined && seconds(version.modifiedMs) > seconds(Date.parse(unmodifiedSince));
}

function isKnown(noneMatch: string | undefined, modifiedSince: string | undefined, version: Known): boolean {
  if (noneMatch !== undefined) return names(noneMatch, version);
  return modifiedSince !== undefined && seconds(version.modifiedMs) <= seconds(Date.parse(modifiedSince));
}

/** True when a list such as `"a", "b"` or `*` names the version; clients leave out the quotes at times. */
function names(list: string, { etag }: Known): boolean {
  return list.split(',').some((item) => ['*', etag].includes(item.trim().replace(/^W\//, '').replaceAll('"', '')));
}

/** Times in headers have no fraction of a second. */
function seconds(instantMs: number): number {
  return Math.floor(instantMs / 1000);
}
