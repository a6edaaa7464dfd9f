import { type DestinationStream, pino } from 'pino';
import { redact, redactText } from './redact.js';

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

type Write = (message: string, fields?: object) => void;

/**
 * Writes one JSON object a line. The message is a constant phrase; what varies goes into the fields. An error goes into a
 * field, by custom `error`. Secrets are hidden, see {@link redact}.
 */
export type Logger = { readonly [level in Exclude<LogLevel, 'silent'>]: Write } & {
  /** A logger that adds these fields to each line. */
  with(fields: object): Logger;
};

export interface LoggerOptions {
  readonly level: LogLevel;
  /** Which process writes: `berlin`, `authority`. */
  readonly name: string;
  /** @default standard output */
  readonly destination?: DestinationStream;
}

/**
 * @example
 * const log = createLogger({ level: 'info', name: 'berlin' });
 * log.info('negotiation finalized', { pid });
 * // {"level":"info","time":"2026-01-01T12:00:00.000Z","name":"berlin","pid":"…","msg":"negotiation finalized"}
 */
export function createLogger({ level, name, destination }: LoggerOptions): Logger {
  const options = {
    level,
    base: { name },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return wrap(pino(options, destination ?? standard()));
}

let standardOutput: DestinationStream | undefined;
const standard = (): DestinationStream => {
  standardOutput ??= bufferedOutput();
  return standardOutput;
};

/** Milliseconds for which lines gather, and how many characters at most. */
const gathering = 20;
const maxGathered = 16_384;

/**
 * Lines of a busy moment are written together, for each takes as long to write as many. What says that something is
 * wrong is written at once, with all before it; and so is everything when the process ends, unless it is killed.
 */
function bufferedOutput(): DestinationStream {
  const output = pino.destination({ fd: 1, sync: true });
  let lines = '';
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (lines !== '') output.write(lines);
    lines = '';
  };
  process.on('exit', flush);
  const write = (line: string): void => {
    lines += line;
    if (lines.length > maxGathered || !/^{"level":"(info|debug|trace)"/.test(line)) flush();
    else timer ??= setTimeout(flush, gathering).unref();
  };
  return { write };
}

function wrap(inner: pino.Logger): Logger {
  const at =
    (level: Exclude<LogLevel, 'silent'>): Write =>
    (message, fields = {}) => {
      // Checked first: hiding secrets costs more than writing nothing.
      if (inner.isLevelEnabled(level)) inner[level](clean(fields), redactText(message));
    };
  return {
    fatal: at('fatal'),
    error: at('error'),
    warn: at('warn'),
    info: at('info'),
    debug: at('debug'),
    trace: at('trace'),
    with: (fields) => wrap(inner.child(clean(fields))),
  };
}

/** Fields without secrets; an error given instead of fields stands under `error`. */
function clean(fields: object): object {
  return Object(redact(fields instanceof Error ? { error: fields } : fields));
}
