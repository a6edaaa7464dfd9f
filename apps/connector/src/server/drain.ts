import type { FastifyInstance } from 'fastify';

/**
 * Lets answers that are under way come to their end when the server closes, then ends every connection. A connection
 * that is kept alive, or that was opened and never used, would hold the process otherwise.
 */
export function drainOnClose(server: FastifyInstance): void {
  let underWay = 0;
  let closing = false;
  const endWhenDone = (): void => {
    if (closing && underWay === 0) server.server.closeAllConnections();
  };
  server.addHook('onRequest', (_request, _reply, done) => {
    underWay++;
    done();
  });
  server.addHook('onResponse', (_request, _reply, done) => {
    underWay--;
    endWhenDone();
    done();
  });
  server.addHook('preClose', (done) => {
    closing = true;
    endWhenDone();
    done();
  });
}
