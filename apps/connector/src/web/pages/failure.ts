import { html } from '@hansa/report';
import { page } from '../components/layout.js';
import { paths } from '../paths.js';
import type { NodeView } from '../view.js';

export interface FailureView {
  readonly node: NodeView;
  readonly status: number;
  /** What is wrong, in a sentence. */
  readonly detail: string;
  /** Finds the request in the log. */
  readonly requestId: string;
}

/** The answer when a page cannot be shown. */
export function failurePage({ node, status, detail, requestId }: FailureView): string {
  const title = status === 404 ? 'Page not found' : 'This page cannot be shown';
  const content = html`<p class="kicker">${status}</p>
<h1>${title}</h1>
<p class="lead">${detail}</p>
<ul>
<li><a href="${paths.home}">What ${node.city} offers</a></li>
<li><a href="${paths.register}">The register of algorithms and their audits</a></li>
</ul>
<p class="quiet">If you ask the operators about this, name the request <code class="long">${requestId}</code>.</p>`;
  return page({ node, title, section: null, content });
}
