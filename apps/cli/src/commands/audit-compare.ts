import { type AuditReport, compareReports, type RateChange, type ReportChange, reportFrom } from '@hansa/fair';
import type { Command } from 'commander';
import { action, type Cli, examples } from '../action.js';
import { readObject } from '../arguments.js';
import { badUsage, orFail } from '../failure.js';
import type { Paint } from '../print/paint.js';
import { section, table } from '../print/table.js';
import type { Terminal } from '../terminal.js';

/** `hansa audit compare`: who is better off and who is worse off in the second report? */
export function addAuditCompare(audit: Command, cli: Cli): void {
  audit
    .command('compare')
    .argument('<before>', 'the report.json of an earlier audit')
    .argument('<after>', 'the report.json of a later one, about the same outcome')
    .description('what changed between two audit reports, group by group; needs no node')
    .addHelpText(
      'after',
      `${examples('hansa audit compare march/report.json june/report.json', 'hansa audit compare v1.json v2.json -o json')}
Exit code: 0 nobody is worse off, 1 somebody is (beyond what chance may do), 2 unreadable input.
`,
    )
    .action(
      action(cli, async (session, before: string, after: string) => {
        const { terminal, paint } = session;
        const change = orFail(compareReports(readReport(before, terminal), readReport(after, terminal)), 2);
        session.show(change, (shown) => changeText(shown, paint));
        if (change.rates.some((rate) => rate.change === 'worse')) session.exitCode = 1;
      }),
    );
}

function readReport(file: string, terminal: Terminal): AuditReport {
  const report = reportFrom(readObject(file, terminal));
  if (!report) throw badUsage(`${file} is not an audit report. Give the report.json that an audit wrote.`);
  return report;
}

function changeText({ rates, gaps, notCompared, verdict }: ReportChange, paint: Paint): string {
  const moved = rates.filter(({ change }) => change !== 'same');
  const names = (attributes: RateChange['attributes']) =>
    Object.entries(attributes)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ') || 'everybody';
  const share = (value: number) => `${(value * 100).toFixed(1)} %`;
  const points = ({ difference, interval }: RateChange) =>
    `${signed(difference)} (${signed(interval.lower)} to ${signed(interval.upper)})`;
  const lines = table<RateChange>(
    [
      { head: 'CHANGE', of: ({ change }) => change },
      { head: 'GROUP', of: ({ attributes }) => names(attributes) },
      { head: 'RATE', of: ({ rate }) => rate },
      { head: 'BEFORE', of: ({ before }) => share(before), align: 'right' },
      { head: 'AFTER', of: ({ after }) => share(after), align: 'right' },
      { head: 'POINTS', of: points },
    ],
    moved,
    paint.bold,
  );
  const closer = gaps.filter(({ change }) => change !== 'same');
  return [
    `Verdict: ${verdict.before} before, ${verdict.after} after.\n\n`,
    moved.length === 0 ? `No rate of any group changed beyond what chance may do (${rates.length} compared).\n` : lines,
    section(
      'Gaps between groups',
      closer.map(
        ({ attribute, metric, before, after, change }) =>
          `${change}: ${metric} by ${attribute}, ${before.toFixed(4)} before, ${after.toFixed(4)} after`,
      ),
    ),
    section('Not compared, as only one report knows them', notCompared.map(names)),
  ].join('');
}

function signed(difference: number): string {
  return `${difference > 0 ? '+' : ''}${(difference * 100).toFixed(1)}`;
}
