const house = '^(bench|cli|client|data|errors|scripts|server|templates|tests|video|web|worker)/';
const isTest = '([.]test[.]tsx?|(^|/)test-[^/]+[.]ts)$';
const react = '(^|/)node_modules/(react|react-dom|remotion|@remotion/[^/]+)/';

/** Modules outside of player and engine that viewers' browsers load. */
const lightModules = ['^data/parse-text[.]ts$', '^video/story/(canonical-json|format|languages)[.]ts$'];

/** A rule that lets a folder import nothing of ours but itself, `errors/` and what is listed. */
function only(from, allowed, comment, pathNot = isTest) {
  return {
    name: `${from.replaceAll('/', '-')}-imports`,
    comment,
    severity: 'error',
    from: { path: `^${from}/`, pathNot },
    to: { path: house, pathNot: [`^${from}/`, '^errors/', ...allowed] },
  };
}

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Modules that import each other cannot be understood apart.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'resolvable',
      comment: 'An import that leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'declared-dependencies',
      comment: 'What runs must be a dependency of package.json, not one of a dependency or of development.',
      severity: 'error',
      from: {
        path: '^(cli|client|data|errors|server|templates|video|worker)/',
        // It makes a committed table from fonts; it does not run with the product.
        pathNot: [isTest, '/make-coverage[.]ts$'],
      },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    only('errors', [], 'Errors import nothing of ours.'),
    only('data', [], 'Data knows no video and no queue.'),
    only('video/story', ['^data/'], 'The story is pure and reads only records.'),
    only('video/kit', ['^video/story/'], 'Visual parts know the story and nothing behind it.'),
    only('video/player', ['^video/story/'], 'The player is what viewers load.'),
    only(
      'templates',
      ['^video/(template|kit)[.]ts$', '^video/remotion[.]tsx$'],
      'Templates import the entry points of the package, and nothing else of it.',
    ),
    only(
      'video/studio',
      ['^video/(story|kit)/', '^data/'],
      'The studio shows the templates that the module generated for a bundle names.',
    ),
    only('worker', ['^video/story/', '^data/'], 'The worker knows contracts, never components.'),
    only(
      'cli',
      ['^client/', '^worker/', '^data/', '^video/story/', '^server/'],
      'A person in a terminal: parse, call the client, print.',
    ),
    {
      name: 'serving-apart',
      comment: 'Of the command line, only what serves the API knows the server; the rest knows its schemas.',
      severity: 'error',
      from: { path: '^cli/', pathNot: '^cli/(commands/serve|client/own-api)[.]ts$' },
      to: { path: '^server/(?!schemas/)' },
    },
    only(
      'client',
      [
        '^server/schemas/',
        '^worker/(advice/advice|campaigns/(report|template)|measurement/(comparison|report|watching|xapi)|people/(people|timeline))-schema[.]ts$',
        '^video/story/viewer(-data|-event)?-schema[.]ts$',
      ],
      'The client knows the shapes of the API and nothing behind them.',
    ),
    only(
      'server',
      ['^worker/', '^data/', '^video/story/', '^video/player/build-player[.]ts$'],
      'A door to the worker, and to the player as files that it serves: never to its code.',
    ),
    {
      name: 'templates-apart',
      comment: 'A template never imports another one.',
      severity: 'error',
      from: { path: '^templates/([^/]+)/' },
      to: { path: '^templates/', pathNot: '^templates/$1/' },
    },
    {
      name: 'core-sees-ports',
      comment: 'The core knows no engine: engines are adapters, handed in by the composition root.',
      severity: 'error',
      from: { path: '^worker/core/', pathNot: isTest },
      to: {
        path: [
          '(^|/)node_modules/(@electric-sql|@remotion|@sparticuz|bullmq|drizzle-orm|ioredis|pg|remotion|sharp|undici)/',
          '^(node:)?(child_process|cluster|dgram|dns|http|http2|https|net|process|tls|worker_threads)$',
          '^worker/(?!core/)',
        ],
      },
    },
    {
      name: 'engines-at-the-edge',
      comment:
        'What is done for campaigns, viewers and people names no engine: the composition root hands them in.',
      severity: 'error',
      from: { path: '^worker/(campaigns|measurement|people|viewers)/', pathNot: isTest },
      to: { path: '^worker/adapters/' },
    },
    {
      name: 'contracts-without-react',
      comment: 'Contracts are read in Node by the planner: no component may be reached from them.',
      severity: 'error',
      from: { path: '^templates/[^/]+/(template|scenes)[.]ts$' },
      to: { path: react, reachable: true },
    },
    {
      name: 'scenes-apart',
      comment:
        "What a component imports is in its clips' keys: it takes only types from the definitions of all scenes, so that editing one renders no other again.",
      severity: 'error',
      from: { path: '^templates/([^/]+)/', pathNot: ['^templates/[^/]+/template[.]ts$', isTest] },
      to: { path: '^templates/$1/scenes[.]ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'worker-without-react',
      comment: 'The worker reaches components only as a bundle and a composition id.',
      severity: 'error',
      from: { path: '^(worker|cli|server|data|video/story)/' },
      to: { path: '(^|/)node_modules/(react|react-dom|remotion)/' },
    },
    {
      name: 'player-is-light',
      comment:
        "Neither React nor zod reaches a viewer's browser: beyond themselves, player and engine import only types, and values of modules that are checked in the next rule. A test of the bundle says so too.",
      severity: 'error',
      from: { path: '^video/(player|story/engine)/', pathNot: isTest },
      to: {
        path: [house, react, '(^|/)node_modules/zod/'],
        pathNot: ['^video/(player|story/engine)/', ...lightModules],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'light-modules-are-light',
      comment: 'What player and engine import from elsewhere leads to neither React nor zod.',
      severity: 'error',
      from: { path: lightModules },
      to: { path: [react, '(^|/)node_modules/zod/'], reachable: true },
    },
    {
      name: 'studio-is-an-entry',
      comment: 'The studio is bundled, never imported.',
      severity: 'error',
      from: { path: house, pathNot: ['^video/studio/', '^(bench|tests)/'] },
      to: { path: '^video/studio/' },
    },
    {
      name: 'doors-are-ends',
      comment: 'Nothing imports a door, a script, a test or the benchmark, but what tests and measures them.',
      severity: 'error',
      from: { path: '^([^/]+)/', pathNot: ['^(bench|tests)/', isTest] },
      // What may import the server and the client is said above.
      to: { path: '^(bench|cli|scripts|tests|web)/', pathNot: '^$1/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(out|dist|[.]bespoke)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      conditionNames: ['import', 'node', 'default', 'types'],
      exportsFields: ['exports'],
      mainFields: ['module', 'main', 'types'],
    },
    moduleSystems: ['es6', 'cjs'],
    cache: false,
  },
};
