import type { ObjectStoreAccess } from '../../../domain/service.ts';
import { chunkSignature, trailerSignature } from '../../../stack/stand-ins/objects/chunked-signature.ts';
import { sha256, signingKey } from '../../../stack/stand-ins/objects/signature.ts';
import { send, signHeaders, type RawResponse } from './signed-request.ts';

export interface StreamedUpload {
  bucket: string;
  key: string;
  chunks: readonly (Buffer | string)[];
  /** Sent behind the last chunk: name and value. */
  trailer?: [name: string, value: string];
  /** False: only the head of the request is signed, not the chunks. */
  signed?: boolean;
  /** Changes the whole body before it is sent. */
  forge?: (body: Buffer) => Buffer;
  /** In place of the number of bytes in all chunks. */
  announcedBytes?: number;
}

/** Uploads a body in chunks, each with a signature that covers the one before. */
export async function streamedUpload(access: ObjectStoreAccess, upload: StreamedUpload): Promise<RawResponse> {
  const { bucket, key, trailer, signed = true } = upload;
  const chunks = upload.chunks.map((chunk) => Buffer.from(chunk));
  const path = `/${bucket}/${key}`;
  const sizeBytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const payloadHash = signed
    ? `STREAMING-AWS4-HMAC-SHA256-PAYLOAD${trailer ? '-TRAILER' : ''}`
    : 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';
  const { headers, scope, signature } = signHeaders(access, path, {
    method: 'PUT',
    payloadHash,
    headers: {
      'content-encoding': 'aws-chunked',
      'x-amz-decoded-content-length': String(upload.announcedBytes ?? sizeBytes),
      ...(trailer && { 'x-amz-trailer': trailer[0] }),
    },
  });
  const authorisation = { payloadHash, signature, scope, key: signingKey(access.secretKey, scope) };
  let previous = signature;
  const frames = [...chunks, Buffer.alloc(0)].map((chunk) => {
    previous = chunkSignature(authorisation, previous, sha256(chunk));
    const head = `${chunk.length.toString(16)}${signed ? `;chunk-signature=${previous}` : ''}\r\n`;
    const end = chunk.length === 0 && trailer ? '' : '\r\n';
    return Buffer.concat([Buffer.from(head), chunk, Buffer.from(end)]);
  });
  if (trailer) {
    frames.push(Buffer.from(`${trailer[0]}:${trailer[1]}\r\n`));
    const trailing = trailerSignature(authorisation, previous, [trailer]);
    frames.push(Buffer.from(signed ? `x-amz-trailer-signature:${trailing}\r\n\r\n` : '\r\n'));
  }
  return send(access, 'PUT', path, headers, (upload.forge ?? ((body) => body))(Buffer.concat(frames)));
}
