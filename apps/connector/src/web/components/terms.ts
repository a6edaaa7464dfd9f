import { type Html, html } from '@hansa/report';
import type { OfferView } from '../view.js';

/** The terms of an offer in plain sentences. */
export function terms({ sentences }: OfferView): Html {
  if (sentences.length === 0) return html`<p>These terms cannot be put into words; read them as ODRL.</p>`;
  return html`<ul class="terms">${sentences.map((sentence) => html`<li>${sentence}</li>`)}</ul>`;
}

/** The same terms as they are enforced. */
export function odrl({ policy, id }: OfferView): Html {
  return html`<details>
<summary>The same terms as ODRL</summary>
<pre class="snippet" tabindex="0" role="region" aria-label="ODRL of the offer ${id}"><code>${JSON.stringify(policy, null, 2)}</code></pre>
</details>`;
}
