import { availableParallelism } from 'node:os';

/** Jest in ESM mode: SWC compiles, Node's vm modules run. Started by tools/test.mjs, which adds the Node flags. */
export default {
  rootDir: '.',
  testEnvironment: '<rootDir>/test/jest-node-env.cjs',
  testMatch: ['<rootDir>/{apps,libs,test}/**/*.spec.ts'],
  testTimeout: 30_000,
  // Two at least, also on two processors: half of the time a file of tests waits for nodes that it has started.
  maxWorkers: Math.max(2, availableParallelism() - 1),
  extensionsToTreatAsEsm: ['.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/data/'],
  moduleNameMapper: {
    '^@hansa/([a-z]+)/testing$': '<rootDir>/libs/$1/src/testing/index.ts',
    '^@hansa/([a-z]+)$': '<rootDir>/libs/$1/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
          keepClassNames: true,
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
};
