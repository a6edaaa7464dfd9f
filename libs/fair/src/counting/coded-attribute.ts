/** An attribute in dictionary form. A missing value is a level of its own (`not stated`), so that nobody is dropped. */
export interface CodedAttribute {
  readonly attribute: string;
  readonly levels: readonly string[];
  /** For each row an index into `levels`. */
  readonly codes: Uint16Array | Uint32Array;
}
