import { Command, Option } from 'commander';
import type { Cli } from './action.js';
import { addAgreementCommands } from './commands/agreement.js';
import { addAuditCommands } from './commands/audit.js';
import { addAuthorityCommands } from './commands/authority.js';
import { addCatalogCommands } from './commands/catalog.js';
import { addCredentialCommands } from './commands/credential.js';
import { addDatasetCommands } from './commands/dataset.js';
import { addDeliveryCommands } from './commands/delivery.js';
import { addDemoCommand } from './commands/demo.js';
import { addDoctorCommand } from './commands/doctor.js';
import { addExplainCommand } from './commands/explain.js';
import { addInferCommand } from './commands/infer.js';
import { addLedgerCommands } from './commands/ledger.js';
import { addModelCommands } from './commands/model.js';
import { addNegotiationCommands } from './commands/negotiation.js';
import { addNodeCommands } from './commands/node.js';
import { addOfferCommands } from './commands/offer.js';
import { addPersonCommands } from './commands/person.js';
import { addPolicyCommands } from './commands/policy.js';
import { addRegisterCommands } from './commands/register.js';
import { addStartCommand } from './commands/start.js';
import { addTransferCommands } from './commands/transfer.js';
import { addVerifyCommand } from './commands/verify.js';
import { packageVersion } from './package-root.js';
import type { Terminal } from './terminal.js';

const nouns: readonly ((program: Command, cli: Cli) => void)[] = [
  addStartCommand,
  addDoctorCommand,
  addNodeCommands,
  addDatasetCommands,
  addPolicyCommands,
  addOfferCommands,
  addCatalogCommands,
  addNegotiationCommands,
  addAgreementCommands,
  addTransferCommands,
  addCredentialCommands,
  addAuthorityCommands,
  addModelCommands,
  addAuditCommands,
  addRegisterCommands,
  addInferCommand,
  addExplainCommand,
  addPersonCommands,
  addDeliveryCommands,
  addLedgerCommands,
  addVerifyCommand,
  addDemoCommand,
];

/** The command line as a tree of commands that print to this terminal and never end the process. */
export function buildProgram(terminal: Terminal, exit: Cli['exit']): Command {
  const program = new Command('hansa')
    .description(
      'The command line of a Hansa node: data under policies between cities, and models audited before they run.',
    )
    .version(packageVersion(), '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show the help of a command')
    .option('--url <address>', 'address of the node (or HANSA_URL; default http://127.0.0.1:7001)')
    .option(
      '--token <token>',
      'administrator token, or one of your own (or HANSA_TOKEN; default: the file admin-token in the data directory)',
    )
    .option(
      '--data <directory>',
      'data directory of the node (or HANSA_DATA_DIRECTORY; default: the only one in ./data)',
    )
    .addOption(
      new Option('-o, --output <format>', 'tables and sentences, or what the node answers')
        .choices(['text', 'json'])
        .default('text'),
    )
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: (text) => terminal.out(text), writeErr: (text) => terminal.err(text) })
    .showHelpAfterError('(add --help for what can be given)')
    .exitOverride();
  for (const add of nouns) add(program, { terminal, exit });
  return program;
}
