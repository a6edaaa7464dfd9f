/** An element of a document, or text. */
export type Markup = string | Element;

export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly classes: readonly string[];
  readonly children: readonly Markup[];
}

const empty = new Set(['meta', 'link', 'br', 'hr', 'img', 'input']);
const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
const token = /<!doctype[^>]*>|<(\/?)([a-zA-Z][\w-]*)((?:\s+[\w:-]+(?:="[^"]*")?)*)\s*(\/?)>|([^<]+)/gy;

/**
 * Reads markup as our templates write it: every element is closed, attributes stand in double quotes, and no character
 * but five is an entity. It is no parser for the HTML of others: what it does not know is a defect and throws.
 *
 * @example
 * parseMarkup('<p class="quiet">1 &lt; 2</p>').children[0]; // { name: 'p', classes: ['quiet'], children: ['1 < 2'], … }
 */
export function parseMarkup(text: string): Element {
  const root = { name: '', attributes: {}, classes: [], children: [] as Markup[] };
  const open: (typeof root)[] = [root];
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const found = token.exec(text);
    if (found === null) throw new Error(`markup cannot be read: ${JSON.stringify(text.slice(at, at + 40))}`);
    const [, closing, name, attributes = '', isSelfClosed, words] = found;
    const parent = open.at(-1) ?? root;
    if (words !== undefined) parent.children.push(unescaped(words));
    if (name === undefined) continue;
    if (closing === '/') {
      if (open.pop()?.name !== name) throw new Error(`</${name}> closes another element`);
      continue;
    }
    const element = elementOf(name, attributes);
    parent.children.push(element);
    if (isSelfClosed !== '/' && !empty.has(name)) open.push(element as typeof root);
  }
  if (open.length !== 1) throw new Error(`<${open.at(-1)?.name}> is not closed`);
  return root;
}

function elementOf(name: string, text: string): Element {
  const pairs = [...text.matchAll(/([\w:-]+)(?:="([^"]*)")?/g)].map(
    ([, key = '', value = '']) => [key, unescaped(value)] as const,
  );
  const attributes = Object.fromEntries(pairs);
  const classes = (attributes.class ?? '').split(/\s+/).filter((one) => one !== '');
  return { name, attributes, classes, children: [] };
}

function unescaped(text: string): string {
  return text.replace(/&([^;\s]{1,8});/g, (whole, name: string) => entities[name] ?? whole);
}

/** The first element of that name, wherever it stands. */
export function find(markup: Element, name: string): Element | undefined {
  for (const child of markup.children) {
    if (typeof child === 'string') continue;
    const found = child.name === name ? child : find(child, name);
    if (found) return found;
  }
  return undefined;
}

/** The text of an element without its tags, white space as one blank. */
export function textOf(markup: Markup): string {
  const parts = (one: Markup): string => (typeof one === 'string' ? one : one.children.map(parts).join(''));
  return parts(markup)
    .replace(/[ \t\r\n]+/g, ' ')
    .trim();
}

export function hasClass(markup: Element, name: string): boolean {
  return markup.classes.includes(name);
}
