import type { PDFDocument } from 'pdfkit';

/** PDF/UA-1 (ISO 14289-1 §5): the document says that it is made for everybody, also for those who listen to it. */
const accessible = `
        <rdf:Description xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" rdf:about="">
            <pdfuaid:part>1</pdfuaid:part>
        </rdf:Description>
        `;

/** PDF/A-3 (ISO 19005-3 §6.6.2.3) knows no word of PDF/UA, so the word is described. */
const described = `
        <rdf:Description xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#" rdf:about="">
            <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
                <pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
                <pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
                <pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
                <pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
                    <pdfaProperty:name>part</pdfaProperty:name>
                    <pdfaProperty:valueType>Integer</pdfaProperty:valueType>
                    <pdfaProperty:category>internal</pdfaProperty:category>
                    <pdfaProperty:description>Part of ISO 14289</pdfaProperty:description>
                </rdf:li></rdf:Seq></pdfaSchema:property>
            </rdf:li></rdf:Bag></pdfaExtension:schemas>
        </rdf:Description>
        `;

/**
 * Says what the document is. The library writes a title into XML as it stands and always states a moment of creation;
 * here the title is escaped, and a document whose moment nobody knows states none.
 */
export function describe(doc: PDFDocument, title: string, date: Date | null): void {
  const append = doc.appendXML.bind(doc);
  const escaped = title.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  doc.appendXML = (xml, newline) => {
    const dated = date === null ? xml.replace(/<xmp:CreateDate>.*?<\/xmp:CreateDate>/, '') : xml;
    append(
      dated.replaceAll(`>${title}<`, () => `>${escaped}<`),
      newline,
    );
  };
  if (date === null)
    Object.defineProperty(doc.info, 'CreationDate', { value: doc.info.CreationDate, enumerable: false });
  append(accessible);
  append(described);
}
