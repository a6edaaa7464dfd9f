import { describe, expect, test } from '@jest/globals';
import { type PdfSource, pdfOfHtml } from './index.js';
import { type ReadPdf, readerMissing, readPdf, textOfStructure } from './testing/index.js';

const rows = Array.from(
  { length: 60 },
  (_, i) => `<tr><th scope="row">Group ${i}</th><td class="number">${i} %</td></tr>`,
);
const markup = `<!doctype html>
<html lang="en">
<head><title>Tests &amp; &lt;trials&gt;</title></head>
<body>
<a class="skip-link" href="#content">Skip</a>
<main id="content">
<h1>Tests &amp; &lt;trials&gt;</h1>
<nav><ol><li><a href="#end">To the end</a></li></ol></nav>
<section><h2 id="begin">Ünïcode ş ș ő Ħ ģ Ж Щ Ъ Ω ώ</h2>
<p>The station חיפה is far. <b>Bold</b>ly joined, <a href="https://w3id.org/dpv/risk">a term</a>.</p>
<figure><svg class="chart" role="img" width="100%" height="100"><title>Rates</title><desc>A dot.</desc><g class="row row-outside"><text class="group" x="0" y="10">Berlin</text><circle class="dot" cx="50%" cy="40" r="7"/><svg x="20%" y="60" overflow="visible"><path class="dot" d="M-9 0L0-9L9 0L0 9Z"/></svg></g></svg></figure>
<div class="scroll"><table><caption>All groups</caption><thead><tr><th scope="col">Group</th><th scope="col" class="number">Rate</th></tr></thead><tbody>${rows.join('\n')}</tbody></table></div>
</section>
<section><h2 id="end">The end</h2><dl class="facts"><div><dt>Digest</dt><dd><code>${'ab12'.repeat(60)}</code></dd></div></dl></section>
</main>
</body>
</html>`;
const source: PdfSource = {
  markup,
  date: new Date('2026-11-23T04:05:06.789Z'),
  producer: 'hansa 0.1.0',
  foot: 'Report 7',
  attachments: [
    {
      name: 'data.json',
      type: 'application/json',
      description: 'The data',
      content: new TextEncoder().encode('{"a":"ä"}'),
    },
  ],
};

describe('a document as PDF', () => {
  test('has the same bytes for the same source, and others for another', async () => {
    const [one, two, other] = [
      await pdfOfHtml(source),
      await pdfOfHtml(source),
      await pdfOfHtml({ ...source, foot: 'Report 8' }),
    ];
    expect(Buffer.compare(one, two)).toBe(0);
    expect(Buffer.compare(one, other)).not.toBe(0);
  });

  test('says of itself that it is for archives and for everybody, escaped as XML wants it', async () => {
    const text = Buffer.from(await pdfOfHtml(source)).toString('latin1');
    expect(text).toContain('<pdfaid:part>3</pdfaid:part>');
    expect(text).toContain('<pdfaid:conformance>A</pdfaid:conformance>');
    expect(text).toContain('<pdfuaid:part>1</pdfuaid:part>');
    expect(text).toContain('>Tests &amp; &lt;trials&gt;</rdf:li>');
    expect(text).toContain('<xmp:CreateDate>2026-11-23T04:05:06Z</xmp:CreateDate>');
    expect(text).toContain('/AFRelationship /Data');
  });

  test('has no date where nobody knows one', async () => {
    expect(Buffer.from(await pdfOfHtml({ ...source, date: null })).toString('latin1')).not.toMatch(
      /CreateDate|CreationDate|ModDate/,
    );
  });
});

const run = readerMissing === null ? describe : describe.skip;
if (readerMissing !== null) test.skip(`skipped: a PDF read by another program, because ${readerMissing}`, () => {});

run('another program', () => {
  let pdf: ReadPdf;
  const ready = pdfOfHtml(source).then((bytes) => {
    pdf = readPdf(bytes, ['data.json']);
  });

  test('reads it without a complaint: title, tags, enclosed file, embedded letters', async () => {
    await ready;
    expect(pdf.complaints).toBe('');
    expect(pdf.facts).toMatchObject({
      Title: 'Tests & <trials>',
      Tagged: 'yes',
      JavaScript: 'no',
      'PDF version': '1.7',
    });
    expect(Number(pdf.facts.Pages)).toBeGreaterThan(1);
    expect(pdf.enclosed).toEqual({ 'data.json': '{"a":"ä"}' });
    expect(pdf.fonts).toHaveLength(2);
    for (const font of pdf.fonts) expect(font).toMatch(/SourceSans3.* yes yes yes /);
  });

  test('finds headings, heads of rows and columns, links and the drawing', async () => {
    await ready;
    expect(pdf.structure).toMatch(/\n {2}H1 \(block\)\n/);
    expect(pdf.structure).toMatch(/\n {4}H2 \(block\)\n/);
    expect(pdf.structure.match(/TH:/g)).toHaveLength(62);
    expect(pdf.structure.match(/\bTD\b/g)).toHaveLength(60);
    expect(pdf.structure).toMatch(/Link \(inline\)\n\s+"a term"\n\s+Object/);
    expect(pdf.structure).toMatch(/Figure/);
  });

  test('reads every letter of every language of the EU, once and in order', async () => {
    await ready;
    const text = textOfStructure(pdf.structure);
    expect(text).toContain('Tests & <trials> To the end Ünïcode ş ș ő Ħ ģ Ж Щ Ъ Ω ώ The station');
    expect(text).toContain('is far. Boldly joined, a term .');
    // Repeated heads of a table on its second page are for the eye alone.
    expect(text.match(/Group Rate/g)).toHaveLength(1);
    expect(text).toContain(rows.map((_, i) => `Group ${i} ${i} %`).join(' '));
    expect(text.replaceAll(' ', '')).toContain(`Digest${'ab12'.repeat(60)}`);
    expect(text).not.toContain('Skip');
  });
});
