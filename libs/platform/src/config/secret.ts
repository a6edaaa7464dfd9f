import { inspect } from 'node:util';
import { z } from 'zod';

const hidden = '[hidden]';

/**
 * A value that cannot be printed by accident: text, JSON and inspection show `[hidden]`; only `reveal()` gives it.
 *
 * @example
 * `${config.database.url}`; // '[hidden]'
 * connect(config.database.url.reveal());
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return hidden;
  }

  toJSON(): string {
    return hidden;
  }

  [inspect.custom](): string {
    return hidden;
  }
}

/**
 * Marks a text of the configuration as secret: it is checked by `schema` and becomes a {@link Secret}.
 *
 * @example
 * z.strictObject({ url: secret(z.url()).optional() });
 */
export function secret<S extends z.ZodType<string>>(schema: S) {
  return schema.transform((value) => new Secret(value));
}

/** A copy of a configuration that may be shown: secrets read `[hidden]`. */
export function redactedConfig(config: object): unknown {
  return JSON.parse(JSON.stringify(config));
}
