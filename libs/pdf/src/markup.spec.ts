import { describe, expect, test } from '@jest/globals';
import { find, parseMarkup, textOf } from './markup.js';

describe('markup of our own templates', () => {
  test('becomes elements, attributes and text', () => {
    const root = parseMarkup(
      '<!doctype html>\n<p class="quiet lead" title="a &gt; &quot;b&quot;">1 &lt; 2 &amp; 3<br> <b>4</b></p>',
    );
    expect(find(root, 'p')).toMatchObject({ classes: ['quiet', 'lead'], attributes: { title: 'a > "b"' } });
    expect(textOf(root)).toBe('1 < 2 & 3 4');
    expect(textOf(find(root, 'b') ?? '')).toBe('4');
  });

  test('keeps an entity that nobody wrote as one', () => {
    expect(textOf(parseMarkup('<p>&amp;lt; &unknown; &#39;</p>'))).toBe("&lt; &unknown; '");
  });

  test.each(['<p>', '<p></b>', '</p>', '<p title=a></p>', '<p', '<!-- x -->', '<svg><circle r="1"/>'])(
    '%j is a defect',
    (text) => {
      expect(() => parseMarkup(text)).toThrow();
    },
  );
});
