import { type AuditReport, reportBytes, type SoftwareReference, type TaskReport, taskReportBytes } from '@hansa/fair';
import { digestOf } from '@hansa/kernel';
import type { ReportDocumentOptions } from './options.js';
import { reportDocument } from './report-document.js';
import { taskDocument } from './task-document.js';

/** A file that goes along inside of a printed report. */
interface EnclosedFile {
  readonly name: string;
  readonly type: string;
  readonly description: string;
  readonly content: Uint8Array;
}

/** Everything that a report on paper consists of, for whoever sets it. */
export interface PrintableReport {
  readonly markup: string;
  /** The date of the report, or null where it has none. */
  readonly date: Date | null;
  readonly producer: string;
  /** At the foot of every sheet: of which report it is a part. */
  readonly foot: string;
  readonly attachments: readonly EnclosedFile[];
}

/**
 * The report's document for print and archive: the same words, with the report as data and, where there is one, its
 * signed credential enclosed, so that whoever has the file has all that can be checked.
 *
 * @example
 * await pdfOfHtml(printableReport(report, options));
 */
export function printableReport(
  report: AuditReport,
  options: ReportDocumentOptions,
  credential?: string,
): PrintableReport {
  const { content = reportBytes(report) } = options;
  return printable(report, reportDocument(report, { ...options, content }), content, credential);
}

/** The same of a report on another task. */
export function printableTaskReport(report: TaskReport, options: ReportDocumentOptions): PrintableReport {
  const { content = taskReportBytes(report) } = options;
  return printable(report, taskDocument(report, { ...options, content }), content);
}

function printable(
  { at, software }: { readonly at?: string; readonly software: SoftwareReference },
  markup: string,
  content: Uint8Array,
  credential?: string,
): PrintableReport {
  const signed = {
    name: 'credential.json',
    type: 'application/vc',
    description: 'The signed credential about the report',
    content: new TextEncoder().encode(credential),
  };
  return {
    markup,
    date: at === undefined ? null : new Date(at),
    producer: `${software.name} ${software.version}`,
    foot: `Report ${digestOf(content)}`,
    attachments: [
      { name: 'report.json', type: 'application/json', description: 'The report in canonical JSON', content },
      ...(credential === undefined ? [] : [signed]),
    ],
  };
}
