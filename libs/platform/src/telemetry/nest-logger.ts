import type { LoggerService } from '@nestjs/common';
import type { Logger } from './logger.js';

/**
 * Lets Nest write through our logger: `NestFactory.create(AppModule, adapter, { logger: new NestLogger(log) })`.
 * What Nest itself logs (modules, routes) is of use to developers only, so its `log` is our `debug`.
 * Nest passes its context (a class name) as the last argument, for errors behind the stack.
 */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: readonly unknown[]): void {
    this.logger.debug(textOf(message), fieldsOf(message, rest));
  }

  error(message: unknown, ...rest: readonly unknown[]): void {
    this.logger.error(textOf(message), fieldsOf(message, rest));
  }

  warn(message: unknown, ...rest: readonly unknown[]): void {
    this.logger.warn(textOf(message), fieldsOf(message, rest));
  }

  debug(message: unknown, ...rest: readonly unknown[]): void {
    this.logger.debug(textOf(message), fieldsOf(message, rest));
  }

  verbose(message: unknown, ...rest: readonly unknown[]): void {
    this.logger.trace(textOf(message), fieldsOf(message, rest));
  }

  fatal(message: unknown, ...rest: readonly unknown[]): void {
    this.logger.fatal(textOf(message), fieldsOf(message, rest));
  }
}

function textOf(message: unknown): string {
  if (message instanceof Error) return message.message;
  return typeof message === 'string' ? message : 'nest';
}

function fieldsOf(message: unknown, rest: readonly unknown[]): object {
  const given = rest.filter((item) => item !== undefined);
  const context = typeof given.at(-1) === 'string' ? { context: given.at(-1) } : {};
  const details = 'context' in context ? given.slice(0, -1) : given;
  const error = message instanceof Error ? { error: message } : {};
  const data = typeof message === 'object' && message !== null && !(message instanceof Error) ? { data: message } : {};
  return { ...context, ...error, ...data, ...(details.length > 0 ? { details } : {}) };
}
