import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RegisterOverview } from '@hansa/fair';
import { isJsonObject } from '@hansa/kernel';
import { parse as parseYaml } from 'yaml';
import { getPublicJson, path } from '../../client.js';
import { packageRoot } from '../../package-root.js';
import type { RegisterSystem, RegisterVersion } from '../../register-api.js';
import { answered } from '../calls.js';
import { expect, given, type Step } from '../story.js';

const entryFile = join(packageRoot(), 'docs', 'reference', 'algorithm-register', 'entry.example.yaml');

export const publishEntry: Step = {
  name: 'publish-entry',
  doing: 'berlin tells the public about it',
  run: async (story) => {
    const berlin = given(story.berlin, 'berlin');
    const { modelId, auditId } = given(story.services.get('v2'), 'the second version');
    const entry: unknown = parseYaml(await readFile(entryFile, 'utf8'));
    expect(isJsonObject(entry), `${entryFile} holds no entry`);
    const { id, filled, missing } = await answered(
      berlin.manage.post<RegisterSystem>('/register', { ...entry, models: [modelId] }),
    );
    expect(missing === null, `the entry lacks something: ${missing}`);
    const note = 'The model has passed its audit.';
    await answered(berlin.manage.post<RegisterVersion>(path`/register/${id}/publish`, { note }));
    story.entryId = id;
    const { usesAi, algorithms, certification } = await answered(
      getPublicJson<RegisterOverview>(berlin.url, '/.well-known/algorithm-register'),
    );
    expect(usesAi.answer, 'berlin does not say that it uses AI');
    expect(
      algorithms.items.some((one) => one.id === id),
      'the public register does not have the entry',
    );
    const certified = certification.items.find(({ system, audit }) => system === id && audit === auditId);
    expect(certified?.status === 'valid', 'the register does not name the credential of the audit');
    return `Berlin publishes in its register what it uses the model for and how to object; the audit filled in ${Object.keys(filled).length} fields, among them the risks and the signed credential.`;
  },
};
