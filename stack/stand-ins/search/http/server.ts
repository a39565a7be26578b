import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { log } from '../log.ts';
import { asRefusal, Refusal } from '../refusal.ts';
import { accessOf } from './access.ts';
import { documentRoutes } from './document-routes.ts';
import { indexRoutes } from './index-routes.ts';
import { keyRoutes } from './key-routes.ts';
import type { Access } from './access.ts';
import type { Method, Route, Service } from './route.ts';
import { searchRoutes } from './search-routes.ts';
import { serviceRoutes } from './service-routes.ts';
import { settingsRoutes } from './settings-routes.ts';
import { taskRoutes } from './task-routes.ts';

const routes: readonly Route[] = [
  ...serviceRoutes,
  ...indexRoutes,
  ...settingsRoutes,
  ...documentRoutes,
  ...searchRoutes,
  ...taskRoutes,
  ...keyRoutes,
];

const methods: readonly Method[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** The HTTP server with all routes; it does not listen yet. Bodies come to the routes as bytes, at most `bodyLimitBytes`. */
export function httpServer(service: Service, bodyLimitBytes: number): FastifyInstance {
  const server = fastify({ bodyLimit: bodyLimitBytes, exposeHeadRoutes: false, forceCloseConnections: true });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  for (const route of routes) {
    server.route({
      method: route.method,
      url: route.url,
      handler: (request, reply) => answer(route, service, request, reply),
    });
  }
  for (const url of new Set(routes.map((route) => route.url))) {
    const known = routes.filter((route) => route.url === url).map(({ method }) => method);
    const others = methods.filter((method) => !known.includes(method));
    if (others.length > 0) server.route({ method: others, url, handler: (_request, reply) => reply.code(405).send() });
  }
  server.setNotFoundHandler((_request, reply) => reply.code(404).send());
  server.setErrorHandler((error, _request, reply) => {
    const refusal = tooLarge(error, bodyLimitBytes) ?? asRefusal(error);
    if (refusal.code === 'internal') log('ERROR', refusal.message);
    return sendJson(reply, refusal.status, refusal.body());
  });
  return server;
}

/** An access for routes that are open to all; nothing in them is about an index. */
const open: Access = { indexes: [], allows: () => false, require: () => {} };

function answer(route: Route, service: Service, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { data, clock, masterKey } = service;
  const { authorization } = request.headers;
  const access = route.action ? accessOf(authorization, route.action, { keys: data.keys, clock, masterKey }) : open;
  const params = request.params as Record<string, string>;
  if (params['uid'] !== undefined) access.require(params['uid']);
  const { status, body } = route.handle(
    {
      params,
      query: request.query as Record<string, unknown>,
      contentType: request.headers['content-type'],
      body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
      access,
    },
    service,
  );
  if (body === undefined) return reply.code(status).send();
  return sendJson(reply, status, body);
}

/** Bytes, since Fastify adds a charset to the content type of text, and a real server has none there. */
function sendJson(reply: FastifyReply, status: number, body: unknown): FastifyReply {
  return reply
    .code(status)
    .header('content-type', 'application/json')
    .send(Buffer.from(JSON.stringify(body)));
}

function tooLarge(error: unknown, limitBytes: number): Refusal | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code !== 'FST_ERR_CTP_BODY_TOO_LARGE') return undefined;
  const words = `The provided payload reached the limit. The maximum accepted payload size is ${limitBytes} bytes.`;
  return new Refusal(413, 'payload_too_large', words);
}
