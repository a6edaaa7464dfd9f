import type { Discrepancy, RerunOutcome } from '@hansa/fair';
import type { Paint } from './paint.js';
import { section } from './table.js';
import { count } from './text.js';

/** A file that went into a second run. */
interface ComparedFile {
  readonly role: string;
  readonly name: string;
  readonly stated: string;
  readonly found: string;
}

/** Places that are shown; `-o json` has a hundred. */
const maxShown = 12;

/** What running an audit again has shown: the same bytes, or what differs and what may explain it. */
export function rerunText(what: string, outcome: RerunOutcome, files: readonly ComparedFile[], paint: Paint): string {
  const { same, reportDigest, differing, differences } = outcome;
  if (same) return `${what}: ${paint.good('identical to the byte')} (${reportDigest.repeated}), no member left out.\n`;
  const more = differing > maxShown ? [`… and ${count(differing - maxShown)} more; -o json lists a hundred`] : [];
  return [
    `${what}: ${paint.bad(`${count(differing)} ${differing === 1 ? 'place differs' : 'places differ'}`)}.\n`,
    section('Why', reasons(outcome, files)),
    section('Where', [...differences.slice(0, maxShown).map(place), ...more]),
  ].join('');
}

/** What explains that figures differ, the plainest first. */
function reasons({ software, differences }: RerunOutcome, files: readonly ComparedFile[]): readonly string[] {
  const others = files.filter(({ stated, found }) => stated !== found);
  const { stated, repeated } = software;
  const [old, own] = [`${stated.name} ${stated.version}`, `${repeated.name} ${repeated.version}`];
  const plan = differences.find(({ at }) => at === '/planDigest');
  const found = [
    ...others.map(
      (file) => `another ${file.role} file: the report is about ${file.name} (${file.stated}), this is ${file.found}`,
    ),
    ...(old === own
      ? []
      : [`another version: ${old} wrote the report, this is ${own}; run that one for the same bytes`]),
    ...(plan
      ? ['another plan: the one in the report (margins, seeds, groups) is not the one that it gives the digest of']
      : []),
  ];
  return found.length > 0
    ? found
    : [
        'same files, same plan, same version: the report was changed after it was written, or something else computed it',
      ];
}

function place({ at, stated, rederived }: Discrepancy): string {
  return `${at}: ${shown(stated)} in the report, ${shown(rederived)} now`;
}

function shown(value: unknown): string {
  if (value === null) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
