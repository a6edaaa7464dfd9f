import { type ExportFormat, exportFormats } from '@hansa/fair';
import type { JsonObject } from '@hansa/kernel';
import { type Command, Option } from 'commander';
import { action, type Cli, examples } from '../action.js';
import type { Page } from '../api.js';
import { readWritten, several } from '../arguments.js';
import { path } from '../client.js';
import { badUsage } from '../failure.js';
import { record, section } from '../print/table.js';
import { cell, shortened, time } from '../print/text.js';
import type { RegisterChange, RegisterLine, RegisterSystem, RegisterVersion } from '../register-api.js';
import type { Session } from '../session.js';
import { listing } from './listing.js';

interface WriteOptions {
  readonly entry?: string;
  readonly set?: readonly string[];
}

/** `hansa register`: what the city uses algorithms for, for everybody to read. */
export function addRegisterCommands(program: Command, cli: Cli): void {
  const register = program.command('register').description('the public register of algorithms');
  listing<RegisterLine>(register, cli, {
    what: 'systems in the register, drafts and retired ones too',
    url: '/register',
    cursor: 'offset',
    empty: 'Nothing is in the register yet. Begin with: hansa register add --entry <entry.yaml>\n',
    columns: [
      { head: 'STATE', of: ({ state, hasDraft }) => (hasDraft && state !== 'draft' ? `${state} + draft` : state) },
      { head: 'VERSION', of: ({ version }) => version, align: 'right' },
      { head: 'NAME', of: ({ name = '' }) => shortened(name, 40) },
      { head: 'STATUS', of: ({ status }) => status },
      { head: 'RISK', of: ({ risk_category: risk }) => risk },
      { head: 'ID', of: ({ id }) => id },
    ],
  });
  addShow(register, cli);
  addWriting(register, cli);
  addPublishing(register, cli);
  addHistory(register, cli);
  addExport(register, cli);
}

function addShow(register: Command, cli: Cli): void {
  register
    .command('show')
    .argument('<id>')
    .description('one system: its newest version or its draft, what audits fill in, and what is missing')
    .addHelpText('after', examples('hansa register show urn:uuid:…'))
    .action(
      action(cli, async (session, id: string) => {
        session.show(await session.answer(session.client.get<RegisterSystem>(path`/register/${id}`)), systemText);
      }),
    );
}

function addWriting(register: Command, cli: Cli): void {
  const entry = 'a file in YAML or JSON with the fields of the entry';
  const set = 'a field, as status=pilot; may be repeated, and an empty value takes the field away';
  register
    .command('add')
    .option('--entry <file>', entry)
    .option('--set <field=value>', set, several)
    .description('begin an entry as a draft; fields may still be missing')
    .addHelpText(
      'after',
      examples('hansa register add --entry entry.yaml', 'hansa register add --entry entry.yaml --set status=pilot'),
    )
    .action(
      action(cli, async (session, options: WriteOptions) => {
        const written = writtenEntry({}, options, session);
        const added = await session.answer(session.client.post<RegisterSystem>('/register', written));
        session.show(added, draftText);
      }),
    );
  register
    .command('change')
    .argument('<id>')
    .option('--entry <file>', `${entry}: all of them, in the place of what is there`)
    .option('--set <field=value>', set, several)
    .description('change the draft of an entry; what is published stays until you publish again')
    .addHelpText(
      'after',
      examples(
        'hansa register change urn:uuid:… --entry entry.yaml',
        'hansa register change urn:uuid:… --set status=operational',
      ),
    )
    .action(
      action(cli, async (session, id: string, options: WriteOptions) => {
        const at = path`/register/${id}`;
        const { draft, published } = await session.answer(session.client.get<RegisterSystem>(at));
        const written = writtenEntry(draft?.entry ?? published?.content ?? {}, options, session);
        session.show(await session.answer(session.client.put<RegisterSystem>(at, written)), draftText);
      }),
    );
}

/** What is there, or the file in its place, with the fields that the options set. */
function writtenEntry(before: JsonObject, { entry, set = [] }: WriteOptions, { terminal }: Session): JsonObject {
  if (entry === undefined && set.length === 0)
    throw badUsage('Give the entry as a file with --entry, or single fields with --set.', '--entry');
  const base = entry === undefined ? before : readWritten(entry, 'entry', '--entry', terminal);
  const changes = set.map((pair) => {
    const [, field, value] = /^([A-Za-z_.]+)=(.*)$/s.exec(pair) ?? [];
    if (field === undefined || value === undefined)
      throw badUsage(`Write --set as field=value, not as "${pair}".`, '--set');
    return [field, value] as const;
  });
  return changes.reduce((now, [field, value]) => withField(now, field, value), base);
}

/** `nl.naam` is the field `naam` of the part `nl`; `models` takes ids with commas between them. */
function withField(entry: JsonObject, field: string, value: string): JsonObject {
  const [name = '', ...inner] = field.split('.');
  if (inner.length > 0) {
    const part = entry[name];
    const own = typeof part === 'object' && part !== null && !Array.isArray(part) ? (part as JsonObject) : {};
    return { ...entry, [name]: withField(own, inner.join('.'), value) };
  }
  const { [name]: _, ...others } = entry;
  if (value === '') return others;
  return { ...entry, [name]: name === 'models' || name === 'audits' ? value.split(',') : value };
}

function addPublishing(register: Command, cli: Cli): void {
  register
    .command('publish')
    .argument('<id>')
    .option('--note <text>', 'why it was changed, for everybody to read')
    .description('make the draft the newest version, for everybody to read; it stays readable for good')
    .addHelpText('after', examples('hansa register publish urn:uuid:… --note "The trial has begun."'))
    .action(
      action(cli, async (session, id: string, { note }: { readonly note?: string }) => {
        const body = note === undefined ? {} : { note };
        const version = await session.answer(session.client.post<RegisterVersion>(path`/register/${id}/publish`, body));
        session.show(version, (v) => `Published: version ${v.number} of ${cell(v.content.name)}.\n`);
      }),
    );
  register
    .command('retire')
    .argument('<id>')
    .requiredOption('--reason <text>', 'why it is no longer used, for everybody to read')
    .option('-y, --yes', 'do not ask')
    .description('end a system; its entry stays for everybody to read')
    .addHelpText('after', examples('hansa register retire urn:uuid:… --reason "Replaced by visits in turn." --yes'))
    .action(
      action(cli, async (session, id: string, { reason, yes }: { readonly reason: string; readonly yes?: boolean }) => {
        await session.confirm(`Retire the system ${id}? This cannot be undone.`, yes);
        const asked = session.client.post<RegisterVersion>(path`/register/${id}/retire`, { reason });
        session.show(
          await session.answer(asked),
          (v) => `Retired with version ${v.number}: ${cell(v.content.name)}.\n`,
        );
      }),
    );
}

function addHistory(register: Command, cli: Cli): void {
  register
    .command('history')
    .argument('<id>')
    .description('every published version: who changed what, when and why')
    .addHelpText('after', examples('hansa register history urn:uuid:…'))
    .action(
      action(cli, async (session, id: string) => {
        const history = await session.answer(session.client.get<Page<RegisterChange>>(path`/register/${id}/history`));
        session.show(history, ({ items }) =>
          items.length === 0 ? 'Nothing is published yet.\n' : items.map(versionText).join('\n'),
        );
      }),
    );
}

function addExport(register: Command, cli: Cli): void {
  register
    .command('export')
    .argument('<id>')
    .addOption(new Option('--as <format>', 'the form').choices(exportFormats).makeOptionMandatory())
    .description('the newest version in another form, to hand to another register or to an authority')
    .addHelpText(
      'after',
      examples(
        'hansa register export urn:uuid:… --as ats > entry.json',
        'hansa register export urn:uuid:… --as annex-iv > annex-iv.md',
      ),
    )
    .action(
      action(cli, async (session, id: string, { as }: { readonly as: ExportFormat }) => {
        const at = `${path`/register/${id}`}/exports/${as}`;
        session.terminal.out(await session.answer(session.client.getText(at)));
      }),
    );
}

function systemText(system: RegisterSystem): string {
  const { id, state, version, draft, published, filled } = system;
  const shown = draft?.entry ?? published?.content ?? {};
  const fields = Object.entries(shown).map(([name, value]) => [name, shortened(cell(value), 100)] as const);
  return (
    record([
      ['id', id],
      ['state', draft && published ? `${state}, with a draft that is not published` : state],
      ['version', version],
      ...fields,
    ]) +
    section(
      'Audits fill in',
      Object.entries(filled).map(([name, value]) => `${name}: ${shortened(cell(value), 100)}`),
    ) +
    missingText(system)
  );
}

function draftText(system: RegisterSystem): string {
  const next =
    system.missing === null
      ? `Nothing is missing. Publish it: hansa register publish ${system.id}\n`
      : missingText(system);
  return `Saved as a draft: ${system.id}\n${next}`;
}

function missingText({ missing }: RegisterSystem): string {
  return missing === null ? '' : section('Missing before it can be published', missing.replace(/\.$/, '').split('; '));
}

function versionText({ number, publishedAt, changedBy, note, changes }: RegisterChange): string {
  const head = `Version ${number}, ${time(publishedAt)}, by ${changedBy}${note === null ? '' : `: ${note}`}\n`;
  const lines = changes.map(
    ({ label, before, after }) => `${label}: ${shortened(before ?? '–', 60)} → ${shortened(after ?? '–', 60)}`,
  );
  return head + lines.map((line) => `  ${line}\n`).join('');
}
