import js from '@eslint/js';
import remotion from '@remotion/eslint-plugin';
import { defineConfig, globalIgnores } from 'eslint/config';
import globals from 'globals';
import tseslint from 'typescript-eslint';

const tests = ['**/*.test.{ts,tsx}', 'tests/**/*.ts'];

export default defineConfig(
  globalIgnores(['node_modules/', '.bespoke/', 'out/', 'coverage/', 'dist/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: { globals: globals.node },
  },
  {
    // Evaluated in the page being rendered.
    files: ['worker/adapters/render/page-driver.js'],
    languageOptions: {
      sourceType: 'script',
      globals: { ...globals.browser, __DELAY_RENDER_TIMEOUT__: 'readonly' },
    },
  },
  {
    files: ['**/*.{ts,tsx,mts}'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: false },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', ignoreRestSiblings: true, caughtErrors: 'all' },
      ],
      '@typescript-eslint/only-throw-error': 'error',
      // Ports promise; an implementation or a generator that need not wait still keeps the promise.
      '@typescript-eslint/require-await': 'off',
      // Takes a variable that a callback sets for a constant, and what Node's types promise for a fact.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // Typed columns and parsers name their type once, in the call.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      // Glyphs are looked up by code point, which is what spreading gives.
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      'no-misleading-character-class': ['error', { allowEscape: true }],
      eqeqeq: ['error', 'always'],
      'no-console': 'error',
      'max-lines': ['error', { max: 250 }],
      'object-shorthand': 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: ['video/**/*.{ts,tsx}', 'templates/**/*.{ts,tsx}'],
    // What viewers load is not rendered.
    ignores: ['video/player/**'],
    plugins: { '@remotion': remotion },
    rules: Object.fromEntries(Object.keys(remotion.rules).map((rule) => [`@remotion/${rule}`, 'error'])),
  },
  {
    // Binding and scenes are pure: a clip is the same on every machine and on every day.
    files: ['video/story/**', 'video/kit/**', 'templates/**', 'worker/core/**'],
    ignores: tests,
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Take the time from the context or the clock port.' },
        { object: 'Math', property: 'random', message: 'Nothing here may depend on chance.' },
      ],
      'no-restricted-syntax': [
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
    ignores: ['video/sound/write-sounds.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        { name: 'process', message: 'Configuration is read in the composition root and handed in.' },
      ],
    },
  },
  {
    // Loops over sample buffers, whose bounds are the loop's own.
    files: ['video/sound/**'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  {
    files: tests,
    rules: {
      'max-lines': ['error', { max: 400 }],
      'no-restricted-syntax': [
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
    files: ['errors/catalogue.ts', '**/fixtures.ts', '**/fixtures/*.ts'],
    rules: { 'max-lines': 'off' },
  },
);
