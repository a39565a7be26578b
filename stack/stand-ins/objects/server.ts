import { randomBytes } from 'node:crypto';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { authenticate, type Credentials } from './authentication.ts';
import { asS3Error, S3Error } from './errors.ts';
import { parseTarget, type S3Answer } from './exchange.ts';
import { operationFor } from './operations.ts';
import { openBody } from './request-body.ts';
import type { Store } from './store.ts';
import { buildXml } from './xml.ts';

/** The honest label: whoever asks can see what answers. */
export const serverName = 'firedrill-objects-stand-in';

/**
 * The HTTP side of the store. Bodies pass as streams in both directions. `report` hears of errors that are not the
 * client's.
 */
export function createServer(
  store: Store,
  credentials: Credentials,
  report: (error: unknown) => void,
): FastifyInstance {
  const app = fastify({ bodyLimit: Number.MAX_SAFE_INTEGER, exposeHeadRoutes: false, forceCloseConnections: 'idle' });
  app.removeAllContentTypeParsers();
  // Nothing is read before the signature was checked; each operation reads its body itself.
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({ server: serverName, 'x-amz-request-id': randomBytes(8).toString('hex').toUpperCase() });
  });
  app.get('/minio/health/live', (_request, reply) => reply.send());
  app.get('/minio/health/ready', (_request, reply) => reply.send());
  app.route({
    method: ['GET', 'HEAD', 'PUT', 'POST', 'DELETE'],
    url: '/*',
    handler: async (request, reply) => send(reply, await answer(store, credentials, request)),
  });
  app.setNotFoundHandler((request, reply) => refuse(new S3Error('BadRequest'), request, reply));
  app.setErrorHandler((error, request, reply) => {
    if (!(error instanceof S3Error)) report(error);
    return refuse(asS3Error(error), request, reply);
  });
  return app;
}

async function answer(store: Store, credentials: Credentials, request: FastifyRequest): Promise<S3Answer> {
  const { method, url = '' } = request.raw;
  const [path = '', query = ''] = url.split(/\?(.*)/s);
  const headers = flatHeaders(request);
  const head = { method: method ?? '', path, query, headers };
  const authorisation = authenticate(head, credentials, store.clock.now().getTime());
  const target = { ...head, ...parseTarget(path), query: new URLSearchParams(query) };
  const operation = operationFor(target);
  // Leaving the loop early, on an error, must not end the connection: the client still gets its answer.
  const bytes = request.raw.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  return operation(store, { ...target, body: openBody(bytes, headers, authorisation) });
}

function send(reply: FastifyReply, { status = 200, headers = {}, xml, stream }: S3Answer): FastifyReply {
  reply.code(status).headers(headers);
  if (xml) return reply.type('application/xml').send(buildXml(xml));
  return reply.send(stream);
}

/** S3's error document. An answer to HEAD has no body: then two headers carry the code and the message, as MinIO's do. */
function refuse(error: S3Error, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  // What is left of the body is read and thrown away, so that the client, still writing, comes to read the answer.
  request.raw.resume();
  reply.code(error.status).headers(error.headers);
  if (request.method === 'HEAD') {
    return reply.headers({ 'x-minio-error-code': error.code, 'x-minio-error-desc': `"${error.message}"` }).send();
  }
  const path = request.raw.url?.split('?')[0] ?? '';
  const document = buildXml(
    [
      'Error',
      [
        ['Code', error.code],
        ['Message', error.message],
        ['Resource', path],
        ['RequestId', String(reply.getHeader('x-amz-request-id'))],
      ],
    ],
    { withNamespace: false },
  );
  return reply.type('application/xml').send(document);
}

/** One value a header, as the signature sees them: several are joined by commas; bytes of a value are read as UTF-8. */
function flatHeaders(request: FastifyRequest): Record<string, string> {
  const distinct = Object.entries(request.raw.headersDistinct);
  return Object.fromEntries(distinct.map(([name, values = []]) => [name, values.join(',')]));
}
