/** Markup that is safe to send as it stands. Only `html` makes it, so text from outside cannot pass for it. */
export class Html {
  readonly #markup: string;

  private constructor(markup: string) {
    this.#markup = markup;
  }

  static render(strings: TemplateStringsArray, values: readonly HtmlValue[]): Html {
    const places = placesOf(strings);
    const parts = strings.map((text, i) => (i === 0 ? text : rendered(places[i - 1] ?? 'text', values[i - 1]) + text));
    return new Html(parts.join(''));
  }

  toString(): string {
    return this.#markup;
  }
}

/** What a template takes: text and numbers are escaped; lists are joined; null and undefined are left out. */
export type HtmlValue = Html | string | number | null | undefined | readonly HtmlValue[];

/**
 * A template whose holes are escaped for the place where they stand: in text, in a quoted attribute, or at the start of
 * a quoted attribute that holds an address. Anywhere else (in a tag, an unquoted attribute, a script or a style) a hole
 * is a defect and throws, whatever its value. Between quotes only text and numbers may stand.
 *
 * @example
 * String(html`<p title="${'"'}">${'<b>'}</p>`); // '<p title="&quot;">&lt;b&gt;</p>'
 */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return Html.render(strings, values);
}

type Place = 'text' | 'attribute' | 'address';

/** A template's strings are one object for all its calls, so each template is examined once. */
const examined = new WeakMap<TemplateStringsArray, readonly Place[]>();

function placesOf(strings: TemplateStringsArray): readonly Place[] {
  const known = examined.get(strings);
  if (known) return known;
  const places = examine(strings);
  examined.set(strings, places);
  return places;
}

const addressAttributes = /\s(?:href|src|action|formaction|xlink:href)="$/i;

function examine(strings: readonly string[]): readonly Place[] {
  if (strings.some((text) => /<(?:script|style|!--)/i.test(text)))
    throw new Error('a template may hold no script, style or comment');
  const places: Place[] = [];
  let state: 'text' | 'tag' | 'quoted' = 'text';
  for (const [i, text] of strings.entries()) {
    for (const character of text) {
      if (state === 'text' && character === '<') state = 'tag';
      else if (state === 'tag' && character === '>') state = 'text';
      else if (state === 'tag' && character === '"') state = 'quoted';
      else if (state === 'quoted' && character === '"') state = 'tag';
      else if (state === 'tag' && character === "'") throw new Error('attributes of a template are in double quotes');
    }
    if (i === strings.length - 1) break;
    if (state === 'tag') throw new Error(`a hole stands inside a tag, after ${JSON.stringify(text.slice(-40))}`);
    places.push(state === 'text' ? 'text' : addressAttributes.test(text) ? 'address' : 'attribute');
  }
  if (state !== 'text') throw new Error('a template ends inside a tag');
  return places;
}

function rendered(place: Place, value: HtmlValue): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return escaped(place === 'address' ? safeAddress(value) : value);
  if (typeof value === 'number') return String(value);
  if (place !== 'text') throw new Error('only text and numbers may stand in an attribute');
  if (value instanceof Html) return value.toString();
  return value.map((item) => rendered(place, item)).join('');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Null is not allowed in HTML at all; parsers disagree on what to do with it. */
function escaped(text: string): string {
  return text.replaceAll('\0', '\uFFFD').replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

/**
 * The address itself where it leads to a web page (http, https, or relative to this node), else one that leads nowhere.
 *
 * @example
 * safeAddress('javascript:alert(1)'); // 'about:blank#blocked'
 */
export function safeAddress(address: string): string {
  // URL parsers skip white space and controls, and read a backslash as a slash; no address of ours needs them.
  if (/[\p{Cc}\s\\]/u.test(address)) return blocked;
  if (/^(?:https?:\/\/|[#?])/i.test(address)) return address;
  return /^\/(?!\/)/.test(address) ? address : blocked;
}

const blocked = 'about:blank#blocked';

/** True for an absolute web address that may be made a link. */
export function isWebAddress(text: string): boolean {
  return /^https?:\/\//i.test(text) && safeAddress(text) === text && URL.canParse(text);
}
