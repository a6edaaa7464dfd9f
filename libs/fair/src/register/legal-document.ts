/** One thing that a law asks for, and what there is to say; null where nothing is known. */
export interface LegalItem {
  /** What is asked for. */
  readonly title: string;
  readonly text: string | null;
}

export interface LegalSection {
  readonly title: string;
  readonly items: readonly LegalItem[];
}

export interface LegalDocument {
  readonly title: string;
  /** Where it stands in the law, and what the document is not. */
  readonly preface: readonly string[];
  readonly sections: readonly LegalSection[];
}

/** An item whose text is there, made of parts of which some may be missing. */
export function item(title: string, ...parts: readonly (string | null | undefined)[]): LegalItem {
  const given = parts.filter((part) => part != null && part.trim() !== '');
  return { title, text: given.length === 0 ? null : given.join('\n\n') };
}

/**
 * A document as Markdown with numbered sections. What is missing is said in its place and listed once more at the end,
 * so that nobody takes a gap for an answer.
 */
export function legalMarkdown({ title, preface, sections }: LegalDocument): string {
  const missing = sections.flatMap(({ items }, i) =>
    items.flatMap((one, j) => (one.text === null ? [`- ${i + 1}.${j + 1} ${one.title}`] : [])),
  );
  const total = sections.reduce((sum, { items }) => sum + items.length, 0);
  const body = sections.flatMap(({ title: of, items }, i) => [
    `## ${i + 1}. ${of}`,
    ...items.flatMap((one, j) => [
      `### ${i + 1}.${j + 1} ${one.title}`,
      one.text === null ? '**Missing.** The register has nothing about this.' : asText(one.text),
    ]),
  ]);
  const head = [`# ${asText(title)}`, ...preface, `${total - missing.length} of ${total} items have an answer.`];
  const tail = ['## What is missing', missing.length === 0 ? 'Nothing.' : missing.join('\n')];
  return `${[...head, ...body, ...tail].join('\n\n')}\n`;
}

/** Text that people wrote, so that it can become neither a heading nor markup. */
function asText(text: string): string {
  return text.replaceAll('<', '&lt;').replace(/^(\s*)([#>=~`]|-{3})/gm, '$1\\$2');
}
