import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Json, type JsonObject, must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import { evaluate, parsePolicy, policyLimits } from './index.js';
import { odrlNamespace } from './terms.js';
import { sharedPath } from './testing/shared.js';
import { readTurtle, type Triple } from './testing/turtle.js';

const suite = sharedPath('odrl/suite/data');
const report = 'https://w3id.org/force/compliance-report#';

/** The 524 constraints of the policy of cases 062 to 064 are beyond what a counterparty may send. */
const limits = { ...policyLimits, constraints: 1000 };

function read(folder: string): readonly (readonly Triple[])[] {
  return readdirSync(folder).map((file) => readTurtle(readFileSync(join(folder, file), 'utf8')));
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

class Graph {
  private readonly index: ReadonlyMap<string, readonly Triple[]>;

  constructor(triples: readonly Triple[]) {
    this.index = groupBy(triples, ([subject]) => subject);
  }

  all(subject: string, predicate: string): readonly string[] {
    return (this.index.get(subject) ?? []).filter(([, p]) => p === predicate).map(([, , object]) => object);
  }

  one(subject: string, predicate: string): string {
    return this.all(subject, predicate)[0] ?? '';
  }

  withType(type: string): readonly string[] {
    return [...this.index.values()].flat().flatMap(([s, p, o]) => (p.endsWith('#type') && o === type ? [s] : []));
  }
}

function wireConstraint(graph: Graph, id: string): JsonObject {
  for (const connective of ['and', 'or']) {
    const inner = graph.all(id, odrlNamespace + connective);
    if (inner.length > 0) return { '@id': id, [connective]: inner.map((child) => wireConstraint(graph, child)) };
  }
  return {
    '@id': id,
    leftOperand: graph.one(id, `${odrlNamespace}leftOperand`),
    operator: graph.one(id, `${odrlNamespace}operator`),
    rightOperand: { '@value': graph.one(id, `${odrlNamespace}rightOperand`), '@type': 'xsd:dateTime' },
  };
}

function wirePolicy(graph: Graph, id: string): JsonObject {
  const rules = (kind: string): Json[] =>
    graph.all(id, odrlNamespace + kind).map((rule) => ({
      '@id': rule,
      ...Object.fromEntries(
        ['action', 'target', 'assignee', 'duty'].flatMap((name) =>
          graph.all(rule, odrlNamespace + name).map((value) => [name, value]),
        ),
      ),
      constraint: graph.all(rule, `${odrlNamespace}constraint`).map((child) => wireConstraint(graph, child)),
    }));
  return { '@type': 'Set', '@id': id, permission: rules('permission'), prohibition: rules('prohibition') };
}

/** Why a case lies outside of what the evaluator does, or undefined. */
function beyondScope(graph: Graph, policy: string): string | undefined {
  const rules = ['permission', 'prohibition'].flatMap((kind) => graph.all(policy, odrlNamespace + kind));
  if (rules.some((rule) => graph.all(rule, `${odrlNamespace}action`).length === 0))
    return 'a rule without an action, which ODRL and DSP demand';
  if (rules.some((rule) => graph.all(rule, `${odrlNamespace}duty`).length > 0)) return 'duties inside permissions';
  const collections = new Set(
    ['Party', 'Asset'].flatMap((kind) => graph.withType(`${odrlNamespace}${kind}Collection`)),
  );
  const named = rules.flatMap((rule) =>
    ['target', 'assignee'].flatMap((name) => graph.all(rule, odrlNamespace + name)),
  );
  return named.some((name) => collections.has(name)) ? 'collections of parties or assets' : undefined;
}

interface SuiteCase {
  readonly title: string;
  readonly policy: string;
  readonly request: Pick<Parameters<typeof evaluate>[0], 'action' | 'target' | 'assignee' | 'now'>;
  /** The expected activation state of each rule, by its IRI. */
  readonly activation: ReadonlyMap<string, string>;
}

function readCases(folder: string): readonly SuiteCase[] {
  const requests = new Graph(read(join(folder, 'requests')).flat());
  const cases = new Graph(read(join(folder, 'test_cases')).flat());
  // Every world says something about the same node, temp:currentTime, so worlds are not merged.
  const worlds = read(join(folder, 'sotw')).map((triples) => new Graph(triples));
  return cases.withType('http://example.org/TestCase').map((id) => {
    const part = (name: string) => cases.one(id, `http://example.org/${name}`);
    const asked = requests.one(part('request'), `${odrlNamespace}permission`);
    const world = worlds.find((graph) => graph.all(part('sotw'), 'http://example.org/includes').length > 0);
    const now = world?.one('http://example.com/request/currentTime', 'http://purl.org/dc/terms/issued') ?? '';
    const [action, target, assignee] = ['action', 'target', 'assignee'].map((name) =>
      requests.one(asked, odrlNamespace + name),
    ) as [string, string, string];
    const reports = cases.all(part('expectedReport'), `${report}ruleReport`);
    return {
      title: cases.one(id, 'http://purl.org/dc/terms/title'),
      policy: part('policy'),
      request: { action, target, assignee, now: new Date(now) },
      activation: new Map(
        reports.map((entry) => [cases.one(entry, `${report}rule`), cases.one(entry, `${report}activationState`)]),
      ),
    };
  });
}

describe('the ODRL test suite of SolidLab', () => {
  if (suite === undefined) {
    test.skip('skipped: the conformance data are not beside the project (../shared/conformance/odrl/suite)', () => {});
    return;
  }
  // Constraints of different policies share identifiers, so policies are not merged.
  const policies = read(join(suite, 'policies')).map((triples) => new Graph(triples));
  const graphOf = (policy: string) =>
    policies.find((graph) => graph.all(policy, `${odrlNamespace}uid`).length > 0) ?? new Graph([]);
  const cases = readCases(suite);
  const scope = groupBy(cases, ({ policy }) => beyondScope(graphOf(policy), policy) ?? 'within scope');
  const within = scope.get('within scope') ?? [];

  test('has 68 cases, of which those beyond this evaluator are counted by their reason', () => {
    const counts = Object.fromEntries([...scope].map(([reason, members]) => [reason, members.length]));
    process.stdout.write(`ODRL test suite: ${JSON.stringify(counts)}\n`);
    expect(cases).toHaveLength(68);
    expect(counts).toEqual({
      'within scope': 47,
      'a rule without an action, which ODRL and DSP demand': 6,
      'collections of parties or assets': 8,
      'duties inside permissions': 7,
    });
  });

  test.each(within.map((entry) => [entry.title, entry] as const))('%s', (_title, { policy, request, activation }) => {
    const parsed = must(parsePolicy(wirePolicy(graphOf(policy), policy), limits));
    const { trace, outcome } = evaluate({ policy: parsed, ...request, facts: { credentials: [] } });
    const states = trace.rules.map(({ id, state }) => [
      id,
      `${report}${state === 'satisfied' ? 'Active' : 'Inactive'}`,
    ]);
    expect(new Map(states as [string, string][])).toEqual(activation);
    const permits = trace.rules.some(({ rule, state }) => rule === 'permission' && state === 'satisfied');
    expect(outcome).toBe(permits ? 'permit' : 'deny');
    expect(trace.rules.filter(({ state }) => state === 'unknown')).toEqual([]);
  });

  test('the policy with 524 constraints is decided within 50 ms', () => {
    const size = ({ policy }: SuiteCase) =>
      JSON.stringify(wirePolicy(graphOf(policy), policy)).split('leftOperand').length - 1;
    const large = within.find((entry) => size(entry) === 524);
    if (large === undefined) throw new Error('the large policy is missing');
    const parsed = must(parsePolicy(wirePolicy(graphOf(large.policy), large.policy), limits));
    const request = { policy: parsed, ...large.request, facts: { credentials: [] } };
    const times = Array.from({ length: 5 }, () => {
      const start = performance.now();
      evaluate(request);
      return performance.now() - start;
    });
    expect(Math.min(...times)).toBeLessThan(50);
  });
});

describe('the worked examples of the W3C draft on formal semantics', () => {
  const folder = sharedPath('odrl/w3c-formal-semantics/examples');
  if (folder === undefined) {
    test.skip('skipped: the examples are not beside the project (../shared/conformance/odrl)', () => {});
    return;
  }
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const readFile = (name: string) => {
    const file = files.find((path) => basename(path) === name);
    return JSON.parse(readFileSync(join(folder, file ?? name), 'utf8')) as { readonly [key: string]: unknown };
  };

  test.each([
    ['A11', 'permit'],
    ['A12', 'deny'],
  ])('%s: %s', (name, outcome) => {
    const policy = must(parsePolicy(readFile('policyA1.json')));
    const asked = readFile(`evaluationrequest${name}.json`);
    const { value } = asked.requestParameters as { readonly value: { readonly '@value': string } };
    const [action, assignee, target] = ['Action', 'Party', 'Target'].map((part) => String(asked[`evaluated${part}`]));
    if (action === undefined || assignee === undefined || target === undefined)
      throw new Error('the request is incomplete');
    // The examples give local times; here a time needs a zone.
    const now = new Date(`${value['@value']}Z`);
    expect(evaluate({ policy, action, assignee, target, facts: { credentials: [] }, now }).outcome).toBe(outcome);
  });

  test.each([
    ['policyB1.json', 'refinements'],
    ['policyC1.json', 'duties inside permissions'],
    ['policyC2.json', 'duties inside permissions'],
  ])('%s is refused, because it needs %s', (name) => {
    expect(parsePolicy(readFile(name))).toMatchObject({ ok: false });
  });
});
