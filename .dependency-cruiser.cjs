/** The rings of the architecture as rules: imports point inward only. test/architecture proves that each rule bites. */
const pure = '^libs/(dsp|odrl|dcp|ledger|fair|explain|report)/src';
const notTest = '(\\.spec\\.ts$|/testing/)';

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      comment: 'A cycle means that two things are one thing, or that a port is missing.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'libs-never-import-apps',
      severity: 'error',
      comment: 'Libraries are the inner rings.',
      from: { path: '^libs/' },
      to: { path: '^apps/' },
    },
    {
      name: 'apps-never-import-apps',
      severity: 'error',
      comment: 'Apps meet over HTTP.',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/([^/]+)/', pathNot: '^apps/$1/' },
    },
    {
      name: 'the-product-never-imports-tests',
      severity: 'error',
      comment: 'What believes a constant header, or acts by a script, must not be reachable from a node of the product.',
      from: { path: '^(apps|libs)/' },
      to: { path: '^test/' },
    },
    {
      name: 'libs-by-their-front-door',
      severity: 'error',
      comment: 'A library is used through index.ts (or testing/index.ts in tests).',
      from: { path: '^(apps|libs|test)/([^/]+)/' },
      to: { path: '^libs/([^/]+)/src/(?!(testing/)?index\\.ts$)', pathNot: '^libs/$2/' },
    },
    {
      name: 'features-by-their-front-door',
      severity: 'error',
      comment: "A feature folder reaches another only through that folder's index.ts.",
      from: { path: '^apps/connector/src/([^/]+)/' },
      to: { path: '^apps/connector/src/([^/]+)/(?!index\\.ts$)', pathNot: '^apps/connector/src/$1/' },
    },
    {
      name: 'kernel-imports-nothing',
      severity: 'error',
      comment: 'Ring 0 stands alone.',
      from: { path: '^libs/kernel/src' },
      to: { path: '^(libs|apps)/', pathNot: '^libs/kernel/' },
    },
    {
      name: 'ring-1-edges',
      severity: 'error',
      comment: 'Pure domain may import the kernel; beyond that only dsp -> odrl and report -> fair.',
      from: { path: pure },
      to: { path: '^libs/(?!kernel/)', pathNot: '^libs/($1|odrl|fair)/' },
    },
    {
      name: 'only-dsp-knows-odrl',
      severity: 'error',
      comment: 'An edge inside ring 1 has one beginning.',
      from: { path: '^libs/(dcp|ledger|fair|explain|report)/src' },
      to: { path: '^libs/odrl/' },
    },
    {
      name: 'only-report-knows-fair',
      severity: 'error',
      comment: 'What is found does not depend on how it is shown; who else needs figures takes them from a report.',
      from: { path: '^libs/(dsp|odrl|dcp|ledger|explain)/src' },
      to: { path: '^libs/fair/' },
    },
    {
      name: 'ring-1-knows-no-framework',
      severity: 'error',
      comment: 'Pure domain is readable and testable without a server, a database or a native add-on.',
      from: { path: pure, pathNot: notTest },
      to: {
        path: 'node_modules/(@nestjs|typeorm|pg|bullmq|fastify|undici|pino|onnxruntime|@duckdb|@electric-sql)',
      },
    },
    {
      name: 'ring-1-touches-no-io',
      severity: 'error',
      comment: 'Files, sockets, timers and processes belong to the edge.',
      from: { path: pure, pathNot: notTest },
      to: { path: '^(node:)?(fs|fs/promises|net|http|https|child_process|worker_threads|timers|dns|os)$' },
    },
    {
      name: 'ring-2-edges',
      severity: 'error',
      comment: 'Adapters know the kernel and no domain word; those that run native code run it in a sandbox.',
      from: { path: '^libs/(pdf|platform|sandbox|inference|tabular)/src' },
      to: { path: '^libs/(?!kernel/)', pathNot: '^libs/($1|sandbox)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|data|node_modules/.*/node_modules)' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
  },
};
