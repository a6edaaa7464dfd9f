/** The few frames of PostgreSQL's wire protocol (version 3.0, chapter 55 of its manual) that the bridge must know. */

export const frame = {
  bind: 0x42,
  bindComplete: 0x32,
  parse: 0x50,
  parseComplete: 0x31,
  query: 0x51,
  sync: 0x53,
  terminate: 0x58,
  readyForQuery: 0x5a,
  notification: 0x41,
} as const;

/** ReadyForQuery with status 'I': idle, no transaction open. */
export const idle = 0x49;
export const readyForQuery = Buffer.from([frame.readyForQuery, 0, 0, 0, 5, idle]);
export const authenticationOk = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0]);

export const parseComplete = Buffer.from([frame.parseComplete, 0, 0, 0, 4]);

/** A simple query as one frame. */
export function simpleQuery(sql: string): Buffer {
  const body = Buffer.from(`${sql}\0`);
  const head = Buffer.alloc(5);
  head[0] = frame.query;
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

/** The whole frames at the start of a buffer, and what is left behind them. */
export function splitFrames(buffer: Buffer): { readonly frames: readonly Buffer[]; readonly rest: Buffer } {
  const frames: Buffer[] = [];
  let at = 0;
  while (at + 5 <= buffer.length) {
    const end = at + buffer.readInt32BE(at + 1) + 1;
    if (end > buffer.length) break;
    frames.push(buffer.subarray(at, end));
    at = end;
  }
  return { frames, rest: buffer.subarray(at) };
}

/** The name of the statement that a Parse frame makes; empty for one that lives until the next. */
export function statementName(parse: Buffer): string {
  return parse.toString('utf8', 5, parse.indexOf(0, 5));
}
