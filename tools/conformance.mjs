// Holds this build against what others have made: `npm run conformance -- dsp` against an official kit, `-- edc` another
// connector, `-- pdf` a checker of PDF. Progress is on standard error; the last line on standard output counts the tests.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const suites = {
  dsp: '../test/conformance/dsp/run-kit.mjs',
  edc: '../test/interop/edc/run-edc.mjs',
  pdf: '../test/conformance/pdf/run-kit.mjs',
};

const help = `npm run conformance -- <${Object.keys(suites).join('|')}> [options]

  dsp   the kit of the Dataspace Protocol 2025-1 (Eclipse dsp-tck), which Maven brings; needs Java 17
  edc   contracts and transfers with a connector of Eclipse EDC, in both roles; needs Maven and a JDK 17
  pdf   printed reports held against PDF/A-3a and PDF/UA-1 by veraPDF, which Maven brings; needs a JDK 17

  --jars <folder>   take the jars from this folder instead of Maven
  --version <v>     bring this version; without it the newest that can be had
  --no-build        test the build that is there
  --help            this text

Ends with "N passed, N failed".
Exit code: 0 all passed, 1 a test failed, 2 wrong call, 3 it cannot be run here (Java, Maven or the jars are missing)`;

const say = (text) => console.error(text);

function fail(code, text) {
  say(text);
  process.exit(code);
}

function parse() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        jars: { type: 'string' },
        version: { type: 'string' },
        'no-build': { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    return fail(2, `${error.message}\n\n${help}`);
  }
}

const { values, positionals } = parse();
if (values.help) {
  console.log(help);
  process.exit(0);
}
const [name] = positionals;
if (positionals.length !== 1 || !Object.hasOwn(suites, name)) fail(2, help);
const suite = await import(suites[name]);

const kit = suite.prepare(values, say);
if (kit.missing) fail(3, `"${name}" cannot be run here. ${kit.missing}`);
if (!values['no-build']) {
  say('building');
  const built = spawnSync('npm', ['run', '--silent', 'build'], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (built.status !== 0) fail(1, 'The build failed.');
}
// What was started is ended when this process ends, however that is.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
const { passed, failed, failures } = await suite.run(kit, say);
for (const { id, lines } of failures) console.log([`FAILED ${id}`, ...lines.map((line) => `  ${line}`)].join('\n'));
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
