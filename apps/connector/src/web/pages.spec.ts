import { type AnsweredFinding, answeredFindings, reportDigest } from '@hansa/fair';
import { digestOf } from '@hansa/kernel';
import { cellCounts, confusion, hostileStrings, plan, states } from '@hansa/report/testing';
import { describe, expect, test } from '@jest/globals';
import { auditLine } from './audit-view.js';
import { auditPage } from './pages/audit/audit.js';
import { datasetPage } from './pages/dataset.js';
import { failurePage } from './pages/failure.js';
import { homePage } from './pages/home.js';
import { modelPage } from './pages/model.js';
import { overviewPage } from './pages/overview.js';
import { registerPage } from './pages/register.js';
import { systemPage } from './pages/system.js';
import { choice, overview, rows, systemFile } from './register.fixtures.js';
import { modelRow, systemView } from './register-view.js';
import {
  dataset,
  doneAudit,
  explained,
  hostedModel,
  lines,
  node,
  reportOf,
  service,
  stationAudit,
  viewOf,
} from './web.fixtures.js';

/** What a reader sees: text without tags, white space as one blank. */
function textOf(markup: string): string {
  return markup
    .replace(/<head>.*<\/head>/s, '')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replace(/[\s\u00A0]+/g, ' ');
}

const failed = reportOf(plan, cellCounts(states));

describe('what came after a report, on its page', () => {
  const before = reportOf(plan, cellCounts({ state: { ...states.state, Bayern: confusion(280, 20, 4, 96) } }));
  const [finding] = answeredFindings(failed, [], '2026-11-23');
  const answered = (change: object) => {
    const answers = [{ ...finding, ...change } as AnsweredFinding];
    return textOf(auditPage({ node, audit: { ...viewOf(failed), answers } }));
  };

  test('stands beside each finding, and what is overdue says so', () => {
    const late = answered({ owner: 'Head of Stations', due: '2026-11-01', isOverdue: true });
    expect(late).toContain('Open, overdue ; owner: Head of Stations; due 2026-11-01.');
    const accepted = answered({ state: 'accepted', reason: 'The model is <out> of use.' });
    expect(accepted).toContain('Accepted . Reason: The model is <out> of use.');
    expect(textOf(auditPage({ node, audit: viewOf(failed) }))).not.toContain('Open .');
  });

  test('is compared with the audit of the same model before, whoever is worse off first', () => {
    const previous = { id: 'urn:uuid:0', issuedAt: new Date('2026-05-01T00:00:00Z'), report: before };
    const page = auditPage({ node, audit: { ...viewOf(failed), previous } });
    expect(page).toContain('href="/audits/urn%3Auuid%3A0"');
    expect(textOf(page)).toMatch(/state Bayern +worse +Hits \(true positive rate\) +96.0 % +66.0 % +−30 \(−40/);
    expect(textOf(auditPage({ node, audit: viewOf(failed) }))).not.toContain('Compared with the audit before');
  });

  test('says who counter-signed, and offers the report for paper', () => {
    const page = auditPage({ node, audit: { ...viewOf(failed), counterSigners: ['did:web:hamburg.example'] } });
    expect(textOf(page)).toContain('Counter-signed by did:web:hamburg.example');
    expect(page).toContain('/report.pdf">');
  });
});

describe('the home page', () => {
  test('says who the node is, what it offers under which terms, and what audits say of its models', () => {
    const markup = homePage({ node, datasets: [dataset, service], hasMore: false, models: lines.slice(0, 1) });
    const text = textOf(markup);
    expect(text).toContain('did:web:localhost%3A7001');
    expect(text).toContain('13,214 rows, 3 columns');
    expect(text).toContain('It may be used if a valid credential of type MembershipCredential is presented');
    expect(text).toContain('Audit failed');
    for (const address of ['/register', '/api', '/ledger/checkpoint', '/.well-known/did.json'])
      expect(markup).toContain(`href="${address}"`);
  });

  test('says so when nothing is there', () => {
    const text = textOf(homePage({ node, datasets: [], hasMore: false, models: [] }));
    expect(text).toContain('Nothing is on offer at the moment.');
    expect(text).toContain('This node hosts no model.');
  });
});

describe('the page of a dataset', () => {
  test('shows terms, columns, digest and the commands to get it', () => {
    const text = textOf(datasetPage({ node, dataset }));
    expect(text).toContain('latitude double');
    expect(text).toContain(digestOf('stops'));
    expect(text).toContain(`npx hansa negotiation start ${node.did} ${dataset.id} \\ --purpose dpv:AcademicResearch`);
    expect(text).toContain('"counterparty": "did:web:localhost%3A7001"');
  });

  test('of a model as a service leads to the model and has no columns', () => {
    const markup = datasetPage({ node, dataset: service });
    expect(markup).toContain(`href="/models/${encodeURIComponent(hostedModel().id)}"`);
    expect(textOf(markup)).not.toContain('Columns');
  });

  test('names the offer to ask for when there are several', () => {
    const [first] = dataset.offers;
    const second = { ...dataset.offers[0], id: 'urn:uuid:2', policy: {}, sentences: [] };
    const text = textOf(datasetPage({ node, dataset: { ...dataset, offers: first ? [first, second] : [] } }));
    expect(text).toContain(`--offer ${first?.id}`);
    expect(text).toContain('These terms cannot be put into words');
  });
});

describe('the page of a model', () => {
  test('shows the card, the signature and the audits', () => {
    const model = hostedModel();
    const audits = [auditLine(doneAudit(failed, model))];
    const systems = [{ id: 'urn:uuid:4', name: 'Stations to check' }];
    const markup = modelPage({ node, model, audits, explanation: explained, systems });
    const text = textOf(markup);
    expect(text).toContain('Audit failed');
    expect(text).toContain('weight float32 [?, 1]');
    expect(text).toContain('probabilities float32 [N, 2]');
    expect(text).toContain('kind = rural feeder +0.21');
    expect(text).toContain('hasParking 0 −0.05');
    expect(markup).toContain('<a href="/register/urn%3Auuid%3A4">Stations to check</a>');
  });

  test('says that a model was not audited', () => {
    const bare = { audits: [], explanation: null, systems: [] };
    const text = textOf(modelPage({ node, model: hostedModel({ limitations: [] }), ...bare }));
    expect(text).toContain('Not audited');
    expect(text).toContain('The card names none.');
    expect(text).toContain('No entry of the algorithm register names this model yet.');
  });
});

describe('the register', () => {
  const names = (markup: string) =>
    [...markup.matchAll(/<th scope="row"[^>]*><a href="[^"]*">([^<]*)</g)].map(([, name]) => name?.replace(/ .*/, ''));
  const page = (chosen: Partial<typeof choice> = {}) => registerPage({ node, rows, choice: { ...choice, ...chosen } });

  test('sorts by name, by what needs attention, and by the newest audit', () => {
    const stepFree = ['step-free-access', 'step-free-access'];
    expect(names(page())).toEqual(['benefit-check', 'parking-demand', 'Stations', ...stepFree, 'waste-fill']);
    expect(names(page({ sort: 'verdict' }))).toEqual([
      'Stations',
      'step-free-access',
      'benefit-check',
      'waste-fill',
      'parking-demand',
      'step-free-access',
    ]);
    expect(names(page({ sort: 'date' }))).toEqual([
      'Stations',
      'step-free-access',
      'step-free-access',
      'waste-fill',
      'benefit-check',
      'parking-demand',
    ]);
  });

  test('filters by verdict, area, status and risk, and keeps each filter in the links and in the form', () => {
    const unaudited = page({ sort: 'date', standing: 'none' });
    expect(names(unaudited)).toEqual(['parking-demand']);
    expect(unaudited).toContain('href="/register?sort=name&amp;verdict=none"');
    expect(unaudited).toContain('<input type="hidden" name="verdict" value="none">');
    expect(textOf(unaudited)).toContain('“Not audited”: 1 entry, sorted by date.');
    const pilots = page({ status: 'pilot', risk: 'minimal risk', domain: 'traffic and transportation' });
    expect(names(pilots)).toEqual(['Stations']);
    expect(pilots).toContain('<option value="pilot" selected>');
    expect(pilots).toContain('href="/register?sort=date&amp;domain=traffic+and+transportation&amp;status=pilot');
    expect(names(page({ status: 'retired' }))).toEqual([]);
  });

  test('has hosted models that nobody has described, and says so', () => {
    expect(textOf(page())).toContain('model, not described yet');
  });
});

describe('the page of a system', () => {
  const file = systemFile();
  const markup = systemPage(systemView(node, file));
  const text = textOf(markup);

  test('answers what, why, who decides, which data, what people do, and how to object', () => {
    for (const title of [
      'How to object Write to algorithms@berlin.example',
      'What it does How it works From what is known about a station',
      'Why it is used',
      'What it means for people Nobody is decided about.',
      'Who decides The yearly plan for checks of stations.',
      'What people check and can stop',
      'Which data Data it works with',
    ])
      expect(text).toContain(title);
    expect(text.indexOf('How to object')).toBeLessThan(text.indexOf('Why it is used'));
    expect(markup).toContain('href="mailto:algorithms@berlin.example"');
  });

  test('tells in words what the newest audit found, and what was taken from it', () => {
    expect(text).toContain(
      'Does it treat people alike? Audit failed The audit of 23 November 2026 looked at 844 stations',
    );
    expect(text).toContain('Taken from the audits of this system.');
    expect(markup).toContain('/credential.json"');
  });

  test('leads to its models, its audits and their credentials', () => {
    const [audit] = file.audits;
    const before = { ...audit, id: 'urn:uuid:before' };
    const shown = systemPage(systemView(node, { ...file, audits: [...file.audits, before] as typeof file.audits }));
    for (const address of [
      `/models/${encodeURIComponent(hostedModel().id)}`,
      `/audits/${encodeURIComponent(audit?.id ?? '')}`,
      '/audits/urn%3Auuid%3Abefore',
      '/audits/urn%3Auuid%3Abefore/credential.json',
    ])
      expect(shown).toContain(`href="${address}"`);
  });

  test('has every version with what it changed', () => {
    expect(text).toContain('Version 2 , 23 November 2026 at 10:00 UTC : The trial has begun.');
    expect(text).toContain('What version 2 changed: Status, How it can be stopped');
    expect(text).toContain('Status design pilot');
    expect(text).toContain('Version 1 , 1 November 2026 at 10:00 UTC The first version.');
    const old = textOf(systemPage(systemView(node, systemFile(1))));
    expect(old).toContain('You are reading version 1');
    expect(old).toContain('Being designed, not in use');
    expect(old).not.toContain('Does it treat people alike?');
  });

  test('takes no text for markup', () => {
    for (const [i, hostile] of hostileStrings.entries()) {
      const content = { ...file.version.content, goal: hostile, website: hostile, name: hostile };
      const shown = systemPage(systemView(node, { ...file, version: { ...file.version, content } }));
      expect([i, /<(script|iframe|img|base|style)\b/i.test(shown)]).toEqual([i, false]);
      expect(shown).not.toMatch(/href="\s*(javascript|data|vbscript):/i);
    }
  });
});

test('the three answers are there for people, too', () => {
  const text = textOf(overviewPage(node, overview));
  expect(text).toContain('Does it use AI, and at what level? Yes. Systems in use learn from data.');
  expect(text).toContain('Stations to check for step-free access');
  expect(text).toContain('fail valid 23 November 2027 did:web:localhost%3A7001');
});

describe('the report of an audit', () => {
  const text = textOf(auditPage({ node, audit: viewOf(failed) }));

  test('begins with the verdict and one paragraph in plain words', () => {
    expect(text).toMatch(
      /Audit failed On 23 November 2026 the node of Berlin checked whether the model step-free-access 1\.0\.0 treats groups alike, by state\. It looked at 844 stations \(Stations of Deutsche Bahn\) for which the true answer is known\. The gap between groups broke the margin that was fixed before the results were seen\./,
    );
    expect(text).toContain('Broken: Difference in how often stations that lack step-free access are found, by state.');
  });

  test('says who is harmed before any chart', () => {
    expect(text).toContain('High Where state is Saarland, the model finds 3.2 % (1 of 31)');
    expect(text.indexOf('Where state is Saarland')).toBeLessThan(text.indexOf('How to read it'));
  });

  test('shows that the plan is older than the results', () => {
    expect(text).toContain('put on record in the ledger on 23 November 2026 at 04:05 UTC');
    expect(text).toContain(failed.planDigest);
    expect(text).toContain('A barrier that is not found stays.');
  });

  test('gives every chart a table with the same groups, counts and intervals', () => {
    expect(text).toContain('Everybody 127 of 228 55.7 % 49.2 to 62.0 % –');
    expect(text).toContain('Saarland 1 of 31 3.2 % 0.6 to 16.2 % outside the margin');
    expect(text).toContain('Bayern 66 of 100 66.0 % 56.3 to 74.5 % within the margin');
    expect(text).toContain('Bremen 0 of 4 0.0 % 0.0 to 49.0 % too few to judge');
  });

  test('tells how to verify it offline, with the digest of its bytes', () => {
    expect(text).toContain('npx hansa verify credential.json --report report.json --did-document did.json');
    expect(text).toContain(reportDigest(failed));
  });

  test('of a revoked audit says so first, and what the verdict had been', () => {
    const audit = {
      ...viewOf(failed),
      standing: 'revoked',
      revocation: { at: new Date(0), reason: 'The labels were wrong.' },
    };
    const revoked = textOf(auditPage({ node, audit: { ...audit, standing: 'revoked' } }));
    expect(revoked).toContain(
      'Audit revoked This audit was revoked on 1 January 1970 at 00:00 UTC and counts no longer.',
    );
    expect(revoked).toContain('Its verdict had been “Audit failed”.');
  });

  test('that could not judge does not sound like a pass', () => {
    const open = reportOf(
      plan,
      cellCounts({ state: { Bayern: confusion(280, 20, 34, 66), Bremen: confusion(5, 0, 4, 0) } }),
    );
    const words = textOf(auditPage({ node, audit: viewOf(open, null) }));
    expect(words).toContain('Could not be judged');
    expect(words).toContain('That is not a pass.');
    expect(words).toContain('the decisions in the column “score_text”');
    expect(words).toContain('Fewer than two groups are large enough');
  });

  test.each(['v1', 'v2'] as const)(
    'of the stations (%s) shows each group with the rate that fairlearn found',
    (version) => {
      const { report, model, byAttribute } = stationAudit(version);
      const page = textOf(auditPage({ node, audit: viewOf(report, model) }));
      let seen = 0;
      for (const { groups } of Object.values(byAttribute))
        for (const [group, { truePositives: k, falseNegatives, truePositiveRate, judged }] of Object.entries(groups)) {
          const n = k + falseNegatives;
          if (n === 0) continue;
          seen++;
          const rate = `${group} ${k} of ${n} ${(truePositiveRate * 100).toFixed(1)} % `;
          expect(page).toContain(rate);
          expect(
            page
              .slice(page.lastIndexOf(rate))
              .slice(0, rate.length + 60)
              .includes('too few'),
          ).toBe(!judged);
        }
      expect(seen).toBeGreaterThan(20);
    },
  );

  test('keeps its drawing', () => {
    const [chart] =
      /<svg class="chart".*?<\/svg>\n<p class="reading">/s.exec(auditPage({ node, audit: viewOf(failed) })) ?? [];
    expect(chart).toMatchSnapshot();
  });
});

test('a page that is missing says what is wrong and names the request', () => {
  const text = textOf(failurePage({ node, status: 404, detail: 'This node has no dataset x.', requestId: 'r-1' }));
  expect(text).toContain('404 Page not found This node has no dataset x.');
  expect(text).toContain('r-1');
});

test('no hostile string of a peer changes the markup of any page', () => {
  const tags = (markup: string): readonly string[] => markup.match(/<\/?[a-z0-9]+(?: [\w:-]+="[^"<>]*")*\/?>/gi) ?? [];
  /** Tags and attribute names, without what stands in them. */
  const skeleton = (markup: string) => tags(markup).map((tag) => tag.replace(/"[^"]*"/g, '""'));
  const pages = (word: string): readonly string[] => {
    const { content } = dataset;
    const columns = content.kind === 'table' ? [{ name: word, type: word }] : [];
    const model = hostedModel({
      name: word,
      version: word,
      description: word,
      intendedUse: word,
      limitations: [word],
      owners: [word],
      licence: word,
    });
    const groups = cellCounts({ [word]: { [word]: confusion(280, 20, 34, 66), other: confusion(40, 3, 30, 1) } });
    const words = { cases: word, positives: word, negatives: word };
    const hostile = reportOf(
      { ...plan, attributes: [word], outcome: { ...plan.outcome, positive: word, name: word, words } },
      groups,
      model,
    );
    const own = { ...dataset, title: word, description: word, publisher: word, licence: word, keywords: [word] };
    const offers = [{ id: word, policy: { word }, sentences: [word] }];
    const rows = content.kind === 'table' ? { ...content, columns } : content;
    const data = { ...own, offers, content: rows };
    const audit = viewOf(hostile, model);
    return [
      homePage({ node, datasets: [data], hasMore: true, models: [{ model, newest: audit }] }),
      datasetPage({ node, dataset: data }),
      modelPage({
        node,
        model,
        audits: [audit],
        explanation: { ...explained, sentences: [word] },
        systems: [{ id: word, name: word }],
      }),
      registerPage({ node, rows: [modelRow({ model, newest: audit })], choice }),
      auditPage({ node, audit }),
      failurePage({ node, status: 404, detail: word, requestId: word }),
    ];
  };
  const harmless = pages('word').map(skeleton);
  for (const hostile of hostileStrings)
    pages(hostile).forEach((markup, i) => {
      expect(skeleton(markup)).toEqual(harmless[i]);
      // Every "<" begins a tag of ours; the one beyond them is that of the doctype.
      expect(markup.split('<')).toHaveLength(tags(markup).length + 2);
    });
});
