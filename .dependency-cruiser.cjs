/**
 * The arrows of docs/architecture.md as a test: who may import whom. An import of another package shows up as
 * its built file, `packages/<name>/dist/…`, so rules name both that and the source.
 */
const TESTS = '\\.test\\.tsx?$|/test-support/|/transports/src/(hostile|conformance)/|/src/testing/';

/** Packages of ours that each package or app may import, besides itself; nothing else. */
const ARROWS = {
  'packages/contracts': [],
  'packages/configuration': ['contracts'],
  'packages/db': [],
  'packages/vault': [],
  'packages/jobs': [],
  'packages/embedded-postgres': [],
  'packages/ftps-server': [],
  'packages/api-client': [],
  'packages/domain': ['contracts', 'db', 'vault'],
  'packages/transports': ['contracts', 'vault'],
  'packages/testing': ['contracts', 'db', 'domain', 'embedded-postgres', 'ftps-server', 'jobs', 'vault'],
  'apps/api': ['configuration', 'contracts', 'db', 'domain', 'jobs', 'vault'],
  'apps/worker': ['configuration', 'contracts', 'db', 'domain', 'jobs', 'transports', 'vault'],
  'apps/cli': ['configuration', 'contracts', 'db', 'domain', 'jobs', 'vault'],
  'apps/console': ['api-client', 'contracts'],
  'infra/launcher': [
    'configuration',
    'contracts',
    'db',
    'domain',
    'embedded-postgres',
    'ftps-server',
    'jobs',
    'vault',
  ],
};

const arrows = Object.entries(ARROWS).map(([place, allowed]) => ({
  name: `arrows of ${place}`,
  severity: 'error',
  comment: `${place} may import these packages of ours only: ${allowed.join(', ') || 'none'}.`,
  from: { path: `^${place}/src/`, pathNot: TESTS },
  to: {
    path: '^(packages|apps|infra|e2e|bench)/',
    pathNot: [`^${place}/`, ...allowed.map((name) => `^packages/${name}/`)],
  },
}));

module.exports = {
  forbidden: [
    ...arrows,
    {
      name: 'nobody imports an app',
      severity: 'error',
      comment: 'Not even a test: what two of them need belongs in a package.',
      from: { path: '^(packages|apps|infra|e2e|bench)/([^/]+)/' },
      to: { path: '^(apps|infra|e2e|bench)/', pathNot: '^$1/$2/' },
    },
    {
      name: 'only the worker opens secrets',
      severity: 'error',
      comment:
        'The private key of the vault is with the worker; the doctor of the command line tries it out.',
      from: { pathNot: ['^packages/vault/', '^apps/(worker|cli)/', '^(e2e|bench)/', TESTS] },
      to: { path: '^packages/vault/(src|dist)/open\\.' },
    },
    {
      name: 'transports know secrets only as values',
      severity: 'error',
      from: { path: '^packages/transports/src/', pathNot: TESTS },
      to: { path: '^packages/vault/', pathNot: '^packages/vault/(src|dist)/secret\\.' },
    },
    {
      name: 'nouns of the console are strangers',
      severity: 'error',
      comment: 'What two nouns need belongs in ui/, in access/ or in a file beside the folders.',
      from: { path: '^apps/console/src/([^/]+)/' },
      to: { path: '^apps/console/src/[^/]+/', pathNot: '^apps/console/src/($1|ui|access)/' },
    },
    {
      name: 'test tools stay in tests',
      severity: 'error',
      from: { path: '^(packages|apps|infra)/', pathNot: ['^packages/testing/', TESTS] },
      to: { path: '^packages/testing/|/test-support/' },
    },
    { name: 'no cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no undeclared packages',
      severity: 'error',
      comment: 'Add it to the package.json of the package that imports it.',
      from: { pathNot: TESTS },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'everything resolves',
      severity: 'error',
      comment: 'An import that is misspelt, or a package that package.json does not name.',
      from: { pathNot: TESTS },
      to: { couldNotResolve: true, pathNot: '\\.(css|svg|woff2)$' },
    },
    {
      name: 'everything resolves in tests',
      severity: 'error',
      comment: 'Tests may use packages of ours without naming them: @waybill/testing itself builds on most.',
      from: { path: TESTS },
      to: { couldNotResolve: true, pathNot: '^@waybill/' },
    },
    {
      name: 'no development packages in the product',
      severity: 'error',
      from: {
        path: '^(packages|apps|infra)/[^/]+/src/',
        pathNot: ['^packages/testing/', '^apps/console/', TESTS],
      },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: '@types/' },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '/dist/', '/generated/'] },
    exclude: { path: ['^[^/]+/[^/]+/dist/.*\\.map$', '\\.mjs$'] },
    tsPreCompilationDeps: true,
    parser: 'swc',
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['types', 'import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json', '.d.ts'],
    },
  },
};
