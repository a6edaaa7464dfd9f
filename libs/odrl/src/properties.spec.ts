import { type JsonObject, must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  declarePurpose,
  type EvaluationRequest,
  evaluate,
  explainPolicy,
  lintPolicy,
  matchesOffer,
  offerOf,
  parsePolicy,
  renderTrace,
  serializePolicy,
} from './index.js';
import { anyConstraint, anyPolicy, anyRule, anySituation, fuzzedPolicy, positivePolicy } from './testing/policies.js';

const runs = { numRuns: 1000 };

function outcome(wire: JsonObject, situation: Omit<EvaluationRequest, 'policy'>) {
  return evaluate({ policy: must(parsePolicy(wire)), ...situation }).outcome;
}

function rulesOf(wire: JsonObject, name: 'permission' | 'prohibition'): readonly JsonObject[] {
  return (wire[name] ?? []) as readonly JsonObject[];
}

/** Counts what a property has seen, so that a property which never meets its case cannot pass. */
function tally() {
  const counts = new Map<string, number>();
  return {
    count: (what: string) => counts.set(what, (counts.get(what) ?? 0) + 1),
    expectAtLeast: (minimum: number, ...names: string[]) => {
      for (const name of names)
        expect([name, counts.get(name) ?? 0, (counts.get(name) ?? 0) >= minimum]).toEqual([
          name,
          expect.anything(),
          true,
        ]);
    },
  };
}

describe('monotonicity: what narrows a policy never turns deny into permit', () => {
  const all = ['permit to permit', 'permit to deny', 'deny to deny'];

  test('adding a prohibition', () => {
    const seen = tally();
    fc.assert(
      fc.property(anyPolicy, anyRule, anySituation, (wire, rule, situation) => {
        const [before, after] = [
          outcome(wire, situation),
          outcome({ ...wire, prohibition: [...rulesOf(wire, 'prohibition'), rule] }, situation),
        ];
        seen.count(`${before} to ${after}`);
        expect([before, after]).not.toEqual(['deny', 'permit']);
      }),
      runs,
    );
    seen.expectAtLeast(25, ...all);
  });

  test('adding a constraint to a permission', () => {
    const seen = tally();
    fc.assert(
      fc.property(anyPolicy, anyConstraint, anySituation, (wire, constraint, situation) => {
        const [first, ...others] = rulesOf(wire, 'permission');
        const narrowed = { ...first, constraint: [...((first?.constraint ?? []) as JsonObject[]), constraint] };
        const [before, after] = [
          outcome(wire, situation),
          outcome({ ...wire, permission: [narrowed, ...others] }, situation),
        ];
        seen.count(`${before} to ${after}`);
        expect([before, after]).not.toEqual(['deny', 'permit']);
      }),
      runs,
    );
    seen.expectAtLeast(25, ...all);
  });

  test('removing a credential, where the policy asks only that credentials be there', () => {
    const seen = tally();
    fc.assert(
      fc.property(positivePolicy, anySituation, (wire, situation) => {
        const { facts } = situation;
        const poorer = { ...situation, facts: { ...facts, credentials: facts.credentials.slice(1) } };
        const [before, after] = [outcome(wire, situation), outcome(wire, poorer)];
        seen.count(`${before} to ${after}`);
        expect([before, after]).not.toEqual(['deny', 'permit']);
      }),
      { numRuns: 3000 },
    );
    seen.expectAtLeast(10, ...all);
  });

  test('declaring a purpose', () => {
    const seen = tally();
    fc.assert(
      fc.property(
        anyPolicy,
        fc.constantFrom('dpv:AcademicResearch', 'dpv:Advertising'),
        anySituation,
        (wire, purpose, situation) => {
          const offer = offerOf(must(parsePolicy(wire)), { id: 'urn:x:offer' });
          const requested = must(parsePolicy(must(declarePurpose(serializePolicy(offer), purpose))));
          expect(matchesOffer(offer, requested).ok).toBe(true);
          const before = evaluate({ ...situation, policy: offer }).outcome;
          const after = evaluate({ ...situation, policy: requested }).outcome;
          seen.count(`${before} to ${after}`);
          expect([before, after]).not.toEqual(['deny', 'permit']);
        },
      ),
      runs,
    );
    seen.expectAtLeast(10, ...all);
  });
});

describe('what cannot be decided denies', () => {
  const unknowns = fc.constantFrom<JsonObject[]>(
    { leftOperand: 'odrl:count', operator: 'lt', rightOperand: '5' },
    { leftOperand: 'hansa:credential', operator: 'resembles', rightOperand: 'A' },
    { leftOperand: 'odrl:dateTime', operator: 'lt', rightOperand: '2099-01-01T00:00:00' },
    { or: [] },
  );

  test('an undecidable constraint on every permission', () => {
    fc.assert(
      fc.property(anyPolicy, unknowns, anySituation, (wire, unknown, situation) => {
        const permission = rulesOf(wire, 'permission').map((rule) => ({
          ...rule,
          constraint: [...(rule.constraint as JsonObject[]), unknown],
        }));
        expect(outcome({ ...wire, permission }, situation)).toBe('deny');
      }),
      runs,
    );
  });

  test('an undecidable prohibition', () => {
    fc.assert(
      fc.property(anyPolicy, unknowns, anySituation, (wire, unknown, situation) => {
        expect(outcome({ ...wire, prohibition: [{ action: 'use', constraint: [unknown] }] }, situation)).toBe('deny');
      }),
      runs,
    );
  });
});

test('whatever parses survives the round trip and every function of the library', () => {
  const seen = tally();
  fc.assert(
    fc.property(fuzzedPolicy, anySituation, (wire, situation) => {
      const parsed = parsePolicy(wire);
      seen.count(parsed.ok ? 'parsed' : parsed.problem.kind);
      if (!parsed.ok) return;
      const policy = parsed.value;
      expect(parsePolicy(JSON.parse(JSON.stringify(serializePolicy(policy))))).toEqual({ ok: true, value: policy });
      const decision = evaluate({ policy, ...situation });
      seen.count(decision.outcome);
      expect(renderTrace(decision.trace).split('\n')[0]).toBe(decision.trace.conclusion);
      expect(decision.unmet.length > 0).toBe(decision.outcome === 'deny');
      if (decision.outcome === 'permit')
        expect(decision.trace.rules.some((r) => r.rule === 'permission' && r.state === 'satisfied')).toBe(true);
      expect(explainPolicy(policy).length).toBeGreaterThanOrEqual(policy.permissions.length);
      expect(Array.isArray(lintPolicy(policy))).toBe(true);
      const offer = offerOf(policy, { id: 'urn:x:1' });
      expect(matchesOffer(offer, offer).ok).toBe(true);
    }),
    { numRuns: 5000 },
  );
  seen.expectAtLeast(20, 'parsed', 'permit', 'deny', 'odrl.malformed');
});
