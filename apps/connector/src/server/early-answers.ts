import type { FastifyInstance } from 'fastify';

/**
 * Lets an answer that is given before the body of its request has come (one that is too large, a push that is refused)
 * reach the sender: the rest of the body is read and dropped. Fastify would close the connection at once; then what
 * still comes in resets it, and the sender sees a broken connection and not the reason (RFC 9112, section 9.6).
 *
 * @param limit milliseconds for the rest of the body; a sender that goes on for longer is cut off.
 */
export function deliverEarlyAnswers(server: FastifyInstance, limit = 5_000): void {
  server.addHook('onSend', ({ raw }, reply, payload, done) => {
    if (!raw.complete) {
      reply.removeHeader('connection');
      const timer = setTimeout(() => raw.destroy(), limit).unref();
      raw.once('close', () => clearTimeout(timer)).resume();
    }
    done(null, payload);
  });
}
