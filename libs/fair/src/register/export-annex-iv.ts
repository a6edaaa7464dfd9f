import { list } from '../words.js';
import {
  accuracyWords,
  changeWords,
  explanationWords,
  inputWords,
  originWords,
  riskWords,
  robustnessWords,
} from './audit-words.js';
import { auditInWords, fairnessWords } from './fairness-words.js';
import { filledEntry } from './fill-from-audits.js';
import { item, type LegalDocument, type LegalSection, legalMarkdown } from './legal-document.js';
import { type AuditEvidence, newestAudit, type RegisterMaterial } from './register-material.js';

/**
 * The technical documentation of Annex IV of the AI Act (Regulation (EU) 2024/1689), as far as an entry, its models and
 * its audits can tell: nine numbered sections in Markdown. What nobody has said is listed as missing.
 */
export function exportAnnexIv(material: RegisterMaterial): string {
  const { entry, publication } = material;
  const document: LegalDocument = {
    title: `Technical documentation of ${entry.name ?? 'an AI system'}`,
    preface: [
      'By Annex IV of Regulation (EU) 2024/1689 (AI Act), to which its Article 11 refers. Made from the entry in the algorithm register, the models and the audits that it is linked to. It is to be kept for ten years (Article 18). That an item has an answer does not say that the answer is enough.',
      ...(publication === null
        ? []
        : [
            `Entry ${publication.id}, version ${publication.version}, changed on ${publication.changedAt.slice(0, 10)}: ${publication.page}`,
          ]),
    ],
    sections: [general(material), development(material), control(material), metrics(material), ...management(material)],
  };
  return legalMarkdown(document);
}

function general({ entry, models }: RegisterMaterial): LegalSection {
  const { ai_act: law = {} } = entry;
  const modelLines = models.map(({ name, version, digest }) => `${name} ${version} (${digest})`);
  return {
    title: 'General description of the system',
    items: [
      item('Intended purpose', entry.goal, ...models.map(({ intendedUse }) => intendedUse)),
      item('Provider', law.provider),
      item('Point of Annex III', law.annex_iii_point),
      item('Versions, with the digests of the models', modelLines.join('\n\n')),
      item('How it works with other systems', entry.connected_data_sources),
      item('Forms in which it is put to use', law.forms_of_use),
      item('Hardware on which it runs', law.hardware),
      item('What those who use it see', entry.atrs?.provided_information),
      item('Instructions for use', law.instructions_for_use, entry.documentation),
    ],
  };
}

function development(material: RegisterMaterial): LegalSection {
  const { entry, models, audits } = material;
  const values = filledEntry(material);
  const { ai_act: law = {} } = entry;
  const newest = newestAudit(audits);
  const thresholds = models.flatMap(({ name, version, threshold }) =>
    threshold === null ? [] : [`${name} ${version} decides positive from a score of ${threshold}.`],
  );
  return {
    title: 'Elements of the system, and how it was developed',
    items: [
      item('How it was developed, and what of others was used', law.development ?? originWords(models)),
      item('Design choices, what is optimised, and trade-offs', law.design_choices, ...thresholds),
      item('Architecture', entry.description, entry.methods_and_models, entry.atrs?.system_architecture),
      item('Data: where they come from, scope, labels and cleaning', values.training_data, entry.source_data),
      item('Bias in the data, and what was done about it', values.data_bias),
      item('Human oversight (Article 14)', entry.human_intervention, entry.atrs?.required_training, entry.rollback),
      item('Changes that were decided beforehand', law.predetermined_changes),
      item(
        'Validation and testing: metrics for accuracy',
        values.performance,
        ...(newest ? accuracyWords(newest.report) : []),
      ),
      item('Validation and testing: robustness', law.robustness, newest && robustnessWords(newest.report)),
      item('Validation and testing: potentially discriminatory impacts', ...(newest ? fairnessWords(newest) : [])),
      item('Test reports, dated and signed', ...audits.map(testReport)),
      item('Cybersecurity', law.cybersecurity),
    ],
  };
}

/** The digests bind the report to plan and data, the credential to who signed it. */
function testReport(evidence: AuditEvidence): string {
  const { report, credential, isRevoked } = evidence;
  const signed = credential === null ? 'It is not signed.' : `Signed as a credential (${credential}).`;
  const plan = `Its plan was fixed before: ${report.planDigest}. Data: ${report.data.digest}.`;
  return `${auditInWords(evidence)}: ${isRevoked ? 'revoked' : report.verdict.outcome}. ${signed} ${plan}`;
}

function control(material: RegisterMaterial): LegalSection {
  const { entry, audits, models } = material;
  const values = filledEntry(material);
  const newest = newestAudit(audits);
  const groups = newest?.report.slices.flatMap(({ attributes, rates: { accuracy } }) => {
    const name = Object.entries(attributes).map(([attribute, value]) => `${attribute} ${value}`);
    if (name.length === 0) return [];
    const figure =
      accuracy.state === 'value' ? `${accuracy.k} of ${accuracy.n} right` : `no figure (${accuracy.reason})`;
    return [`${list(name)}: ${figure}`];
  });
  return {
    title: 'Monitoring, functioning and control',
    items: [
      item('Capabilities and limits', ...models.flatMap(({ limitations }) => limitations)),
      item('Accuracy for groups of people on whom it is used', groups?.join('; ')),
      item('Foreseeable unintended outcomes, and risks to health, safety, rights and equality', values.risks),
      item(
        'Human oversight, and what helps people to understand the output',
        entry.human_intervention,
        entry.atrs?.provided_information,
        ...(newest ? explanationWords(newest.report) : []),
      ),
      item('What the input must be like', entry.ai_act?.input_specification, inputWords(models)),
      item('How its working is watched', values.monitoring),
    ],
  };
}

function metrics({ audits }: RegisterMaterial): LegalSection {
  const plan = newestAudit(audits)?.report.plan;
  const reasons = plan?.metrics.map(({ metric, margin, reason }) => `${metric}, margin ${margin}: ${reason}`);
  return {
    title: 'Why these metrics are appropriate',
    items: [item('Metrics and margins, fixed before the results, with their reasons', ...(reasons ?? []))],
  };
}

function management(material: RegisterMaterial): readonly LegalSection[] {
  const { ai_act: law = {} } = material.entry;
  const one = (title: string, ...texts: readonly (string | null | undefined)[]): LegalSection => ({
    title,
    items: [item(title, ...texts)],
  });
  return [
    {
      title: 'Risk management',
      items: [
        item('Risk management system (Article 9)', law.risk_management),
        item('Tests against metrics that were fixed before (Article 9(6) to (8))', ...riskWords(material.audits)),
      ],
    },
    one(
      'Changes through the life of the system',
      law.lifecycle_changes,
      material.entry.revision_note,
      changeWords(material.audits),
    ),
    one('Harmonised standards and other solutions', law.standards),
    one('EU declaration of conformity', law.declaration_of_conformity),
    one('Plan for the time after it was put to use (Article 72)', law.post_market_plan),
  ];
}
