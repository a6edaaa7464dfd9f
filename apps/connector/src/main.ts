import 'reflect-metadata';
import { createLogger, DirectoryInUseError } from '@hansa/platform';
import { adminTokenFile } from './access/admin-token.js';
import { checkSetUp } from './check.js';
import { configSources, type NodeConfig, readConfig } from './config/index.js';
import type { RunningNode } from './node.js';
import { openNodeDatabase } from './open-node-database.js';

const say = (text: string): void => void process.stdout.write(`${text}\n`);

function fail(text: string): never {
  process.stderr.write(`${text}\n`);
  process.exit(1);
}

const read = await readConfig(process.env);
if (process.argv.includes('--check')) {
  process.exit(await checkSetUp(read, configSources(process.env), say));
}
if (!read.ok) fail(`The configuration cannot be used:\n${read.problem.detail}`);
const config = read.value;
const log = createLogger({ level: config.log.level, name: config.city });

let node: RunningNode;
try {
  const opening = openNodeDatabase(config);
  // Its failure is reported below, where it is awaited.
  opening.catch(() => undefined);
  const { buildNode } = await import('./node.js');
  node = await buildNode(config, log, opening);
  await node.app.listen(config.listen.port, config.listen.host);
} catch (error) {
  if (error instanceof DirectoryInUseError) fail(error.message);
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE')
    fail(`Port ${config.listen.port} is in use by another program. Set HANSA_PORT to a free one.`);
  if (code === 'EACCES')
    fail(
      `This user may not listen on ${config.listen.host}:${config.listen.port}, or write to ${config.dataDirectory}.`,
    );
  fail(`The node could not start: ${error instanceof Error ? error.message : error}`);
}
welcome(config, node, Math.round(performance.now()));

let stopping = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (stopping) return;
    stopping = true;
    log.info('stopping', { signal });
    // What does not end by itself in time is not waited for: nothing is lost, it is all in the database.
    setTimeout(() => process.exit(1), 15_000).unref();
    node.stop().then(
      () => process.exit(0),
      (error) => {
        log.error('the node did not stop cleanly', { error });
        process.exit(1);
      },
    );
  });
}

function welcome(
  { city, publicUrl, dataDirectory, database, admin }: NodeConfig,
  { identity }: RunningNode,
  ms: number,
): void {
  say(`Hansa node "${city}" is ready after ${ms} ms at ${publicUrl}`);
  say(`  identity    ${identity.did}`);
  say(
    `  data        ${dataDirectory}${database.url ? ' (database: the server of DATABASE_URL)' : ' (database: embedded)'}`,
  );
  say(`  admin token ${admin.token ? 'from the configuration' : adminTokenFile(dataDirectory)}`);
  say(`  try         ${publicUrl}/ · ${publicUrl}/api · npx hansa node show`);
}
