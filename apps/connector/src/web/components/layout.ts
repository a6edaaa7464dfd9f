import { type Html, html } from '@hansa/report';
import { paths } from '../paths.js';
import { stylesheetUrl } from '../styles/stylesheet.js';
import type { NodeView } from '../view.js';
import { emblem } from './emblem.js';

export interface PageParts {
  readonly node: NodeView;
  /** Names the page in tabs and lists; the node's name is added. */
  readonly title: string;
  /** The entry of the navigation that this page belongs to. */
  readonly section: 'home' | 'register' | null;
  readonly content: Html;
  /** The same as data. */
  readonly alternate?: string;
}

/** A whole page: the frame that all pages share, and the content. */
export function page({ node, title, section, content, alternate }: PageParts): string {
  const current = (own: PageParts['section']): string => (own === section ? 'page' : 'false');
  const document = html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Hansa ${node.city}</title>
<link rel="stylesheet" href="${stylesheetUrl}">
<link rel="icon" type="image/svg+xml" href="${paths.icon}">
${alternate === undefined ? null : html`<link rel="alternate" type="application/json" href="${alternate}">`}
</head>
<body>
<a class="skip-link" href="#content">Skip to the content</a>
<header class="site-header">
<div class="frame">
<a class="wordmark" href="${paths.home}">${emblem()}<span><b>Hansa</b> ${node.city}</span></a>
<nav aria-label="Main">
<ul>
<li><a href="${paths.home}" aria-current="${current('home')}">Home</a></li>
<li><a href="${paths.register}" aria-current="${current('register')}">Register</a></li>
<li><a href="/api">API</a></li>
</ul>
</nav>
</div>
</header>
<main id="content" class="frame" tabindex="-1">
${content}
</main>
<footer class="site-footer">
<div class="frame">
<p>The data space node of ${node.city}: <code>${node.did}</code></p>
<ul class="inline-list">
<li><a href="/.well-known/did.json">Identity document</a></li>
<li><a href="/ledger/checkpoint">State of the ledger</a></li>
<li><a href="/api">API</a></li>
</ul>
<p class="quiet">These pages need no script and set no cookies.</p>
</div>
</footer>
</body>
</html>
`;
  return `<!doctype html>\n${document}`;
}
