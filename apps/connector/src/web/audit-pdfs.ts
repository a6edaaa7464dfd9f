import { pdfOfHtml } from '@hansa/pdf';
import { optionsOfReport, printableReport } from '@hansa/report';
import type { PublishedAudit } from '../governance/index.js';

/** As many are kept: setting one takes about a second, and what is asked for once is often asked for again. */
const kept = 8;

/** Reports as PDF, set one at a time so that readers of reports do not keep a node from its work. */
export class AuditPdfs {
  readonly #known = new Map<string, Promise<Uint8Array>>();
  #last: Promise<unknown> = Promise.resolve();

  /** @param tag other content has another tag. */
  of(tag: string, { report, credentialText }: Pick<PublishedAudit, 'report' | 'credentialText'>): Promise<Uint8Array> {
    const known = this.#known.get(tag);
    if (known) return known;
    const set = () => pdfOfHtml(printableReport(report, optionsOfReport(report), credentialText));
    const made = this.#last.then(set, set);
    this.#last = made;
    this.#known.set(tag, made);
    made.catch(() => this.#known.delete(tag));
    for (const oldest of this.#known.keys()) if (this.#known.size > kept) this.#known.delete(oldest);
    return made;
  }
}
