import type { Readable } from 'node:stream';
import type { RequestBody } from './request-body.ts';
import { S3Error } from './errors.ts';
import type { Store } from './store.ts';
import type { XmlElement } from './xml.ts';

/** A request whose signature was found right. */
export interface S3Request {
  method: string;
  /** Empty for requests to the store as a whole. */
  bucket: string;
  /** Empty for requests to a bucket. */
  key: string;
  query: URLSearchParams;
  /** By names in lower case. */
  headers: Record<string, string>;
  body: RequestBody;
}

export interface S3Answer {
  /** 200 unless told otherwise. */
  status?: number;
  headers?: Record<string, string>;
  /** At most one of these. */
  xml?: XmlElement;
  stream?: Readable;
}

export type Operation = (store: Store, request: S3Request) => Promise<S3Answer> | S3Answer;

/** Everything belongs to the one account there is. */
export const owner: XmlElement = [
  'Owner',
  [
    ['ID', 'firedrill'],
    ['DisplayName', 'firedrill'],
  ],
];

/** Bucket and key of a path that is still percent-encoded; throws when the key is one that no object can have. */
export function parseTarget(path: string): { bucket: string; key: string } {
  const [, bucketText = '', keyText = ''] = /^\/([^/]*)\/?(.*)$/s.exec(path) ?? [];
  const [bucket, key] = [decode(bucketText), decode(keyText)];
  if (Buffer.byteLength(key) > 1024) throw new S3Error('KeyTooLongError');
  const segments = key.split('/');
  const odd =
    segments.some((segment) => segment === '.' || segment === '..') || key.includes('//') || key.includes('\0');
  if (odd) throw new S3Error('XMinioInvalidObjectName');
  return { bucket, key };
}

/** A whole number in the query, within limits; throws `InvalidArgument`. */
export function queryNumber(query: URLSearchParams, name: string, fallback: number): number {
  const text = query.get(name);
  if (text === null || text === '') return fallback;
  const number = Number(text);
  if (/^\d+$/.test(text) && number <= 2_147_483_647) return number;
  throw new S3Error('InvalidArgument', `Argument ${name} must be an integer between 0 and 2147483647.`);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new S3Error('InvalidURI');
  }
}
