/**
 * One configuration, three kinds of test by file name: `x.test.ts` (pure), `x.int.test.ts` (real services),
 * `x.e2e.test.ts` (the product in a real browser). Packages are read from source, so tests need no build.
 */
const swc = [
  '@swc/jest',
  {
    jsc: {
      target: 'es2024',
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true },
      keepClassNames: true,
    },
    module: { type: 'es6' },
  },
];
const common = {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': swc },
  moduleNameMapper: {
    '^@waybill/([a-z-]+)/(.*)\\.js$': '<rootDir>/packages/$1/src/$2.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  modulePathIgnorePatterns: ['/dist/'],
};
/** The run's folder, with what tests write for a while and the database server, is shared by all test files. */
const inOneRun = {
  globalSetup: '<rootDir>/scripts/start-test-run.mjs',
  globalTeardown: '<rootDir>/scripts/end-test-run.mjs',
};
const places = '(packages|apps|infra|e2e|bench)/.*';
export default {
  // Jest reads this here and nowhere else. On a small machine under load a server may take its time to start, and the
  // browser tests start the whole product.
  testTimeout: 180_000,
  projects: [
    { ...common, ...inOneRun, displayName: 'pure', testRegex: `${places}(?<!\\.int|\\.e2e)\\.test\\.ts$` },
    { ...common, ...inOneRun, displayName: 'int', testRegex: `${places}\\.int\\.test\\.ts$` },
    {
      ...common,
      ...inOneRun,
      displayName: 'e2e',
      testRegex: `${places}\\.e2e\\.test\\.ts$`,
    },
  ],
};
