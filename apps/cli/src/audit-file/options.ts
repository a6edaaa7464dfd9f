import { basename } from 'node:path';

/** The options of `hansa audit run` for a file, as they are typed. */
export interface FileAuditOptions {
  readonly data?: string;
  readonly task?: string;
  readonly counts?: string;
  readonly suppressedBelow?: number;
  readonly population?: string;
  readonly label?: string;
  readonly positive?: string;
  readonly prediction?: string;
  readonly positivePrediction?: string;
  readonly threshold?: number;
  readonly score?: string;
  readonly scoreRange?: string;
  readonly weight?: string;
  readonly cluster?: string;
  readonly seed?: number;
  readonly model?: string;
  readonly card?: string;
  readonly features?: string;
  readonly positiveClass?: string;
  readonly humanBaseline?: string;
  readonly positiveBaseline?: string;
  readonly outcome?: string;
  readonly protected?: string;
  readonly intersect?: string;
  readonly control?: string;
  readonly privileged?: string;
  readonly time?: string;
  readonly training?: string;
  readonly proxies?: boolean;
  readonly plan?: string;
  readonly at?: string;
  readonly out?: string;
  readonly pdf?: boolean;
  /** What the files are called in the report, where that is not their name on this machine. */
  readonly names?: FileNames;
}

/** Files of an audit by what they are for. */
export interface FileNames {
  readonly data?: string;
  readonly model?: string;
  readonly training?: string;
}

/** What a file is called in the report. */
export function nameOf({ names }: FileAuditOptions, role: keyof FileNames, file: string): string {
  return names?.[role] ?? basename(file);
}
