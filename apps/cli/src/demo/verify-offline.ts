import type { Did, JsonObject } from '@hansa/kernel';
import { orFail } from '../failure.js';
import { isValid } from '../verify/examination.js';
import { examineAll } from '../verify/examine.js';
import { openSignerDocuments, savedDocument } from '../verify/ports.js';
import { recognise } from '../verify/recognise.js';

/** Whether a report and its credential hold, by the signer's DID document alone, as `hansa verify --offline` finds out. */
export async function verifyOffline(
  signer: Did,
  document: JsonObject,
  files: Readonly<Record<'report' | 'credential', string>>,
): Promise<boolean> {
  const documents = openSignerDocuments([orFail(savedDocument(document))], true);
  const evidence = Object.entries(files).map(([file, text]) => orFail(recognise(file, text)));
  const { resolveDid } = documents;
  const items = await examineAll(evidence, { resolveDid, now: new Date(), signer });
  return items.every(isValid);
}
