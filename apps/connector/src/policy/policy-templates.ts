import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isJsonObject, type JsonObject, must, type Problem, parseJson, type Result, refuse } from '@hansa/kernel';
import {
  explainPolicy,
  instantiateTemplate,
  parsePolicy,
  type TemplateParameters,
  templateParameters,
} from '@hansa/odrl';

export interface PolicyTemplate {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly policy: JsonObject;
}

/** The policy templates that come with the node, read once: one folder each, with the cases that prove it. */
export class PolicyTemplates {
  private constructor(private readonly templates: ReadonlyMap<string, PolicyTemplate>) {}

  static async load(directory: string): Promise<PolicyTemplates> {
    const folders = (await readdir(directory, { withFileTypes: true })).filter((entry) => entry.isDirectory());
    const templates = await Promise.all(
      folders.map(async ({ name }): Promise<[string, PolicyTemplate]> => {
        const policy = must(parseJson(await readFile(join(directory, name, 'policy.jsonld'), 'utf8')));
        if (!isJsonObject(policy)) throw new Error(`the policy template ${name} is not a JSON object`);
        return [name, { name, policy, parameters: templateParameters(policy) }];
      }),
    );
    return new PolicyTemplates(new Map(templates.sort(([a], [b]) => (a < b ? -1 : 1))));
  }

  list(): readonly PolicyTemplate[] {
    return [...this.templates.values()];
  }

  instantiate(name: string, parameters: TemplateParameters): Result<JsonObject, Problem> {
    const template = this.templates.get(name);
    if (template) return instantiateTemplate(template.policy, parameters);
    const known = [...this.templates.keys()].join(', ');
    return refuse('template.not-found', `There is no policy template "${name}". There are: ${known}.`, 'template.name');
  }
}

/** A policy in plain sentences; empty for one that cannot be read. */
export function sentencesOf(policy: JsonObject): readonly string[] {
  const parsed = parsePolicy(policy);
  return parsed.ok ? explainPolicy(parsed.value) : [];
}
