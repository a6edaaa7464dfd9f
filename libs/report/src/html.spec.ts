import { describe, expect, test } from '@jest/globals';
import { Html, html, isWebAddress, safeAddress } from './html.js';
import { hostileStrings } from './testing/index.js';

/** Reads escaped text back, by the entities of the HTML standard and not by our table. */
function readBack(markup: string): string {
  return markup
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}

describe('the template', () => {
  test('there are at least 100 hostile strings', () => {
    expect(new Set(hostileStrings).size).toBeGreaterThanOrEqual(100);
  });

  test.each(hostileStrings)('shows %j as text and as an attribute, never as markup', (hostile) => {
    const shown = hostile.replaceAll('\0', '\uFFFD');
    const [, text = ''] = /^<p>([^<>"']*)<\/p>$/.exec(String(html`<p>${hostile}</p>`)) ?? [];
    expect(readBack(text)).toBe(shown);
    const [, value = ''] = /^<p title="([^<>"']*)"><\/p>$/.exec(String(html`<p title="${hostile}"></p>`)) ?? [];
    expect(readBack(value)).toBe(shown);
  });

  test.each(hostileStrings)('does not make %j an address that runs or leaves', (hostile) => {
    const [, href = ''] = /^<a href="([^<>"']*)">x<\/a>$/.exec(String(html`<a href="${hostile}">x</a>`)) ?? [];
    expect(readBack(href)).toBe('about:blank#blocked');
  });

  test.each(['/models/urn%3Auuid%3A1', '#groups', '?sort=name', 'https://berlin.example/x', 'http://localhost:7001/'])(
    'leaves the address %s as it is',
    (address) => {
      expect(safeAddress(address)).toBe(address);
      expect(isWebAddress(address)).toBe(address.startsWith('http'));
    },
  );

  test('keeps markup that it made itself, joins lists, leaves out nothing but null and undefined', () => {
    const items = ['<', 0, null, undefined, ''].map((item) => html`<li>${item}</li>`);
    expect(String(html`<ul>${items}</ul>`)).toBe('<ul><li>&lt;</li><li>0</li><li></li><li></li><li></li></ul>');
  });

  test('cannot be made to believe that an object is markup', () => {
    const forged = { toString: () => '<b>', '#markup': '<b>' };
    expect(forged instanceof Html).toBe(false);
    expect(() => html`<p>${forged as unknown as Html}</p>`).toThrow();
  });

  test.each<[string, () => Html]>([
    ['an unquoted attribute', () => html`<p title=${'x'}></p>`],
    ['an attribute name', () => html`<p ${'x'}></p>`],
    ['a tag name', () => html`<${'x'}></p>`],
    ['single quotes', () => html`<p title='${'x'}'></p>`],
    ['a script', () => html`<script>${'x'}</script>`],
    ['a style', () => html`<style>${'x'}</style>`],
    ['a comment', () => html`<!-- ${'x'} -->`],
    ['markup in an attribute', () => html`<p title="${html`<b></b>`}"></p>`],
    ['an unfinished tag', () => html`<p title="x"`],
  ])('throws for a hole in %s', (_, make) => {
    expect(make).toThrow();
  });
});
