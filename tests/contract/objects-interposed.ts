import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ObjectStoreAccess } from '../../domain/service.ts';

/**
 * A way to the store on which something happens before an object's content is read: `before` is told of the key and
 * says whether the answer is to break off after its head. Everything else passes as it is, signatures too.
 */
export async function interposed(
  access: ObjectStoreAccess,
  before: (key: string) => Promise<'break' | undefined>,
): Promise<{ access: ObjectStoreAccess } & AsyncDisposable> {
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const { method, url = '', headers } = incoming;
      const key = decodeURIComponent(url.split('/').slice(2).join('/'));
      const breaks = method === 'GET' && key !== '' && !url.includes('?') && (await before(key)) === 'break';
      const onward = request({ host: access.endpoint, port: access.port, method, path: url, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
        if (breaks) outgoing.flushHeaders();
        if (breaks) setTimeout(() => outgoing.destroy(), 20);
        else answer.pipe(outgoing);
      });
      onward.on('error', () => outgoing.destroy());
      incoming.pipe(onward);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    access: { ...access, endpoint: '127.0.0.1', port },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
