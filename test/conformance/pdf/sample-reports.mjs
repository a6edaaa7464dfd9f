// Reports whose PDFs hold everything that a report can: made by the command line of this build, from rows made here.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('../../../bin/hansa.js', import.meta.url));

/** Letters of several scripts, of which the typeface lacks some; one group is too small to be judged. */
const towns = ['Ħal Ġdid', 'Πειραιάς', 'Бургас', 'חיפה', '<b>Łódź & Co</b>'];

/** Rows with decisions, scores, weights, months and what people decided. */
function people() {
  const rows = Array.from({ length: 1200 }, (_, i) => {
    const town = i < 8 ? 4 : i % 4;
    const score = ((i * 7 + town * 20) % 90) / 100 + 0.05;
    const label = (i * 31) % 97 < score * 97 ? 1 : 0;
    const decision = score >= 0.5 ? 1 : 0;
    const month = `2026-0${1 + Math.floor(i / 200)}-15`;
    const clerk = i % 9 === 0 ? 1 - decision : decision;
    return [`"${towns[town]}"`, i % 2 ? 'young' : 'old', month, score.toFixed(2), 1 + (i % 3), label, decision, clerk];
  });
  return [['town', 'age', 'month', 'score', 'weight', 'label', 'decision', 'clerk'], ...rows].join('\n');
}

const counts = `Town,TN,FP,FN,TP
North,280,20,34,66
South,250,18,33,60
Isle,40,0,30,0
`;

const ofPeople = ['--data', 'people.csv', '--label', 'label', '--prediction', 'decision', '--outcome', 'burden'];

/** The options of `hansa audit run` for each sample. */
const samples = {
  everything: [
    ...ofPeople,
    ...['--protected', 'town,age', '--score', 'score', '--seed', '1', '--time', 'month', '--human-baseline', 'clerk'],
    ...['--proxies', '--privileged', 'age=old', '--at', '2026-11-23T04:05:06Z'],
  ],
  weighted: [...ofPeople, '--protected', 'age', '--control', 'month', '--weight', 'weight'],
  counts: ['--counts', 'counts.csv', '--suppressed-below', '10', '--outcome', 'benefit', '--protected', 'Town'],
};

/**
 * Writes the PDFs of the samples, and one with a credential enclosed, into a folder.
 *
 * @param {string} folder
 * @returns {string[]} the files, as seen from there
 */
export function writeSampleReports(folder) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'people.csv'), people());
  writeFileSync(join(folder, 'counts.csv'), counts);
  writeFileSync(join(folder, 'credential.json'), JSON.stringify({ type: ['VerifiableCredential'] }));
  // 0, 1 and 3 are verdicts.
  const files = Object.entries(samples).map(([name, options]) => {
    hansa(folder, ['audit', 'run', ...options, '--out', name, '--pdf'], [0, 1, 3]);
    return join(name, 'report.pdf');
  });
  const report = join('counts', 'report.json');
  const enclosing = ['--credential', 'credential.json', '--out', 'enclosing.pdf'];
  hansa(folder, ['audit', 'pdf', report, ...enclosing], [0]);
  return [...files, 'enclosing.pdf'];
}

function hansa(folder, parameters, expected) {
  const { status, stderr } = spawnSync(process.execPath, [cli, ...parameters], { cwd: folder, encoding: 'utf8' });
  if (!expected.includes(status)) throw new Error(`hansa ${parameters.join(' ')} ended with ${status}: ${stderr}`);
}
