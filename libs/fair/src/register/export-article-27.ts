import { answerWords, explanationWords, groupWords, outcomeWords } from './audit-words.js';
import { fairnessWords } from './fairness-words.js';
import { filledEntry } from './fill-from-audits.js';
import { item, legalMarkdown } from './legal-document.js';
import { newestAudit, type RegisterMaterial } from './register-material.js';

/**
 * The fundamental rights impact assessment of Article 27 of the AI Act, as far as an entry and its audits can tell: the
 * six elements of its paragraph 1 and what belongs to them, in Markdown. What nobody has said is listed as missing.
 */
export function exportArticle27(material: RegisterMaterial): string {
  const { entry, audits, publication } = material;
  const values = filledEntry(material);
  const { ai_act: law = {} } = entry;
  const newest = newestAudit(audits);
  return legalMarkdown({
    title: `Fundamental rights impact assessment of ${entry.name ?? 'an AI system'}`,
    preface: [
      'By Article 27(1) of Regulation (EU) 2024/1689 (AI Act). Made from the entry in the algorithm register and the audits that it is linked to. That an item has an answer does not say that the answer is enough; the deployer answers for the assessment.',
      ...(publication === null ? [] : [`Entry ${publication.id}, version ${publication.version}: ${publication.page}`]),
    ],
    sections: [
      {
        title: 'Processes and purpose (a)',
        items: [
          item('Deployer', law.deployer ?? entry.organization),
          item('The processes in which the system is used', entry.decision_making_process),
          item('Its intended purpose', entry.goal),
          item('Why it is necessary and proportionate', entry.proportionality),
          item('The legal basis', entry.lawful_basis),
        ],
      },
      {
        title: 'Period and frequency (b)',
        items: [
          item('From when to when, and how often', law.period_and_frequency, entry.atrs?.frequency_and_scale_of_usage),
        ],
      },
      {
        title: 'Categories of persons and groups (c)',
        items: [
          item('Who is likely to be affected', law.affected_groups, entry.impact),
          item(
            'The groups that were compared in the newest audit, and their size',
            newest && groupWords(newest.report),
          ),
        ],
      },
      {
        title: 'Specific risks of harm (d)',
        items: [
          item('Harm to these persons and groups', law.specific_harms),
          item('Risks on record', values.risks),
          item(
            'Whether groups are treated alike',
            ...(newest ? [...fairnessWords(newest), outcomeWords(newest.report)] : []),
          ),
        ],
      },
      {
        title: 'Human oversight (e)',
        items: [
          item(
            'How people watch over the system, by the instructions for use',
            entry.human_intervention,
            entry.atrs?.required_training,
            ...(newest ? explanationWords(newest.report) : []),
          ),
        ],
      },
      {
        title: 'Measures if the risks materialise (f)',
        items: [
          item('Internal governance', law.measures, newest && answerWords(newest.report)),
          item('Complaint mechanisms', entry.objection_procedure),
          item('How the system can be stopped', entry.rollback),
        ],
      },
      {
        title: 'Notice and other assessments',
        items: [
          item('Notice to the market surveillance authority (Article 27(3))', law.authority_notified),
          item('Data protection impact assessment (Article 27(4))', entry.DPIA_description, entry.DPIA_url),
        ],
      },
    ],
  });
}
