import remotion from '@remotion/eslint-plugin';
import { defineConfig } from 'oxlint';

const tests = ['**/*.test.{ts,tsx}', 'tests/**/*.ts'];

/** Wherever time is limited, `withTimeLimit` holds the timer. */
const weakTimers = {
  object: 'AbortSignal',
  property: 'timeout',
  message: 'It may be collected as garbage before it fires: use withTimeLimit or withinTime.',
};

const errors = (...rules) => Object.fromEntries(rules.map((rule) => [rule, 'error']));

export default defineConfig({
  ignorePatterns: ['node_modules/', '.bespoke/', 'out/', 'coverage/', 'dist/'],
  options: { typeAware: true, denyWarnings: true, reportUnusedDisableDirectives: 'error' },
  plugins: ['typescript', 'oxc'],
  // ESLint's own rules, for what oxlint has not, and those of Remotion.
  jsPlugins: [{ name: 'eslint-js', specifier: 'oxlint-plugin-eslint' }, '@remotion/eslint-plugin'],
  categories: { correctness: 'error' },
  rules: {
    ...errors(
      'no-case-declarations',
      'no-empty',
      'no-fallthrough',
      'no-prototype-builtins',
      'no-redeclare',
      'no-regex-spaces',
      'no-undef',
      'no-unexpected-multiline',
      'preserve-caught-error',
      // The native one takes what a `catch` in a loop reads for unused.
      'eslint-js/no-useless-assignment',
    ),
    'no-restricted-properties': ['error', weakTimers],
    'no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true, caughtErrors: 'all' }],
  },
  overrides: [
    {
      files: ['**/*.{js,mjs,cjs}'],
      env: { node: true },
      rules: errors('eslint-js/no-dupe-args', 'eslint-js/no-octal'),
    },
    {
      // Evaluated in the page being rendered.
      files: ['worker/adapters/render/page-driver.js'],
      env: { node: false, browser: true },
      globals: { __DELAY_RENDER_TIMEOUT__: 'readonly' },
    },
    {
      files: ['**/*.{ts,tsx,mts}'],
      rules: {
        // The compiler knows what is defined.
        'no-undef': 'off',
        ...errors(
          'no-array-constructor',
          'no-useless-constructor',
          'no-var',
          'object-shorthand',
          'prefer-const',
          'prefer-rest-params',
          'prefer-spread',
          'typescript/no-confusing-void-expression',
          'typescript/no-deprecated',
          'typescript/no-dynamic-delete',
          'typescript/no-empty-object-type',
          'typescript/no-explicit-any',
          'typescript/no-extraneous-class',
          'typescript/no-generated-empty-object-type',
          'typescript/no-invalid-void-type',
          'typescript/no-misused-promises',
          'typescript/no-mixed-enums',
          'typescript/no-namespace',
          'typescript/no-non-null-asserted-nullish-coalescing',
          'typescript/no-non-null-assertion',
          'typescript/no-require-imports',
          'typescript/no-unnecessary-boolean-literal-compare',
          'typescript/no-unnecessary-template-expression',
          'typescript/no-unnecessary-type-arguments',
          'typescript/no-unnecessary-type-assertion',
          'typescript/no-unnecessary-type-constraint',
          'typescript/no-unnecessary-type-conversion',
          'typescript/no-unsafe-argument',
          'typescript/no-unsafe-assignment',
          'typescript/no-unsafe-call',
          'typescript/no-unsafe-enum-assignment',
          'typescript/no-unsafe-enum-comparison',
          'typescript/no-unsafe-function-type',
          'typescript/no-unsafe-member-access',
          'typescript/no-unsafe-return',
          'typescript/only-throw-error',
          'typescript/prefer-literal-enum-member',
          'typescript/prefer-promise-reject-errors',
          'typescript/prefer-reduce-type-parameter',
          'typescript/prefer-return-this-type',
          'typescript/related-getter-setter-pairs',
          'typescript/unified-signatures',
          'typescript/use-unknown-in-catch-callback-variable',
        ),
        eqeqeq: ['error', 'always'],
        'max-lines': ['error', { max: 400 }],
        'no-console': 'error',
        'no-misleading-character-class': ['error', { allowEscape: true }],
        'typescript/ban-ts-comment': ['error', { minimumDescriptionLength: 10 }],
        'typescript/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
        'typescript/no-confusing-void-expression': [
          'error',
          { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
        ],
        // Glyphs are looked up by code point, which is what spreading gives.
        'typescript/no-misused-spread': ['error', { allow: ['string'] }],
        'typescript/restrict-plus-operands': [
          'error',
          {
            allowAny: false,
            allowBoolean: false,
            allowNullish: false,
            allowNumberAndString: false,
            allowRegExp: false,
          },
        ],
        'typescript/restrict-template-expressions': ['error', { allowNumber: true }],
        'typescript/return-await': ['error', 'error-handling-correctness-only'],
        'typescript/switch-exhaustiveness-check': [
          'error',
          { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: false },
        ],
      },
    },
    {
      files: ['video/**/*.{ts,tsx}', 'templates/**/*.{ts,tsx}'],
      // What viewers load is not rendered.
      excludeFiles: ['video/player/**'],
      rules: errors(...Object.keys(remotion.rules).map((rule) => `@remotion/${rule}`)),
    },
    {
      // Nothing is drawn there: a `transition` is one of a story, not of CSS.
      files: ['video/story/**', 'templates/*/template.ts'],
      rules: { '@remotion/non-pure-animation': 'off' },
    },
    {
      // Binding and scenes are pure: a clip is the same on every machine and on every day.
      files: ['video/story/**', 'video/kit/**', 'templates/**', 'worker/core/**'],
      excludeFiles: tests,
      rules: {
        'no-restricted-properties': [
          'error',
          weakTimers,
          { object: 'Date', property: 'now', message: 'Take the time from the context or the clock port.' },
          { object: 'Math', property: 'random', message: 'Nothing here may depend on chance.' },
        ],
        'eslint-js/no-restricted-syntax': [
          'error',
          {
            selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
            message: 'Take the time from the context or the clock port.',
          },
        ],
      },
    },
    {
      files: ['worker/core/**', 'video/**', 'templates/**', 'data/**', 'errors/**'],
      rules: {
        'no-restricted-globals': [
          'error',
          { name: 'process', message: 'Configuration is read in the composition root and handed in.' },
        ],
      },
    },
    {
      // As `bespoke import` writes them: the assertion keeps the compiler from checking a foreign project.
      files: ['tests/fixtures/templates/{computed,greeting-card}/components.ts'],
      rules: { 'typescript/no-unnecessary-type-assertion': 'off' },
    },
    {
      files: ['worker/**', 'cli/**'],
      excludeFiles: [
        ...tests,
        'worker/adapters/media/ffmpeg.ts',
        'worker/adapters/render/{bundle,bundle-server,clip-sound,find-browser,rendering-browser,shipped-browser}.ts',
        'cli/commands/studio.ts',
        'worker/adapters/speech/espeak.ts',
      ],
      rules: {
        'no-restricted-imports': [
          'error',
          {
            paths: [
              {
                name: 'node:child_process',
                message: 'Where programs are started is listed here; each gets `toolEnvironment()`.',
              },
            ],
          },
        ],
      },
    },
    {
      files: tests,
      rules: {
        'max-lines': ['error', { max: 400 }],
        'eslint-js/no-restricted-syntax': [
          'error',
          {
            selector:
              'MemberExpression[object.name=/^(describe|it|test)$/][property.name=/^(skip|skipIf|runIf|todo|only)$/]',
            message: 'Every test runs everywhere; what it needs is set up, or its absence is an error.',
          },
        ],
      },
    },
    {
      // Doors to a terminal.
      files: ['cli/**', 'scripts/**', 'bench/**', 'tests/services/**'],
      rules: { 'no-console': 'off' },
    },
    {
      // Lists, not logic: they grow by a line per entry.
      files: ['errors/catalogue.ts', 'errors/messages.ts', '**/fixtures.ts', '**/fixtures/*.ts'],
      rules: { 'max-lines': 'off' },
    },
  ],
});
