/** The linter: TypeScript's strict rules, and who may import whom (eslint.floors.mjs has the floors of lib and infra/local). */
import tseslint from 'typescript-eslint';
import { createFloorRules, FLOORS } from './eslint.floors.mjs';

/** @param {string[]} group @param {string} message */
const forbid = (group, message) => ({
  'no-restricted-imports': ['error', { patterns: [{ group, message }] }],
});

const outside = ['**/infra/**', '**/functions/**', '**/test/**'];

export default tseslint.config(
  { ignores: ['dist', 'cdk.out', '.data', 'coverage', 'test/fixtures'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      eqeqeq: ['error', 'smart'],
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
      'no-console': 'error',
    },
  },
  {
    files: ['lib/**/*.ts', 'infra/local/**/*.ts'],
    plugins: { floors: createFloorRules(FLOORS) },
    rules: { 'floors/lower-floors-only': 'error', 'floors/no-circle': 'error' },
  },
  {
    files: ['lib/bot/**/*.ts'],
    rules: {
      ...forbid(
        [...outside, '**/settings.ts', 'node:*', '!node:crypto', '!node:vm', '@aws-sdk/*', '@octokit/*'],
        'The bot decides; it knows no SDK, no HTTP, no environment. Take it as an argument.',
      ),
      'no-restricted-globals': ['error', { name: 'fetch' }, { name: 'process' }],
    },
  },
  {
    files: ['lib/github/**/*.ts', 'lib/perflab/**/*.ts', 'lib/horreum/**/*.ts'],
    rules: forbid([...outside, '**/settings.ts'], 'The client of an outside system is handed its settings.'),
  },
  {
    files: ['lib/aws/**/*.ts'],
    rules: forbid(
      [...outside, '**/settings.ts', '**/github/**', '**/perflab/**', '**/horreum/**'],
      'AWS implements the interfaces of lib/bot.',
    ),
  },
  {
    files: ['lib/doctor/**/*.ts'],
    rules: forbid([...outside, '**/settings.ts'], 'The doctor is handed what it checks.'),
  },
  {
    files: ['lib/wiring/**/*.ts', 'lib/*.ts', 'lib/http/**/*.ts'],
    rules: forbid(outside, 'Nothing in lib imports functions, infra or tests.'),
  },
  {
    files: ['functions/**/*.ts'],
    rules: forbid(
      ['**/infra/**', '**/test/**', '**/aws/**', '@aws-sdk/*', '@octokit/*'],
      'A function translates; lib/wiring joins the parts.',
    ),
  },
  {
    files: ['infra/aws/**/*.ts'],
    rules: forbid(
      ['**/functions/**', '**/test/**', '**/local/**', '**/cli/**'],
      'The stack knows names, not code.',
    ),
  },
  {
    files: ['infra/local/**/*.ts'],
    rules: forbid(
      ['**/infra/aws/**', '**/cli/**'],
      'The command line knows the local server, not the other way round.',
    ),
  },
  {
    files: ['infra/local/**/*.ts', 'infra/cli/**/*.ts', 'infra/aws/bundle.ts', 'test/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-base-to-string': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': 'off',
    },
  },
  { files: ['**/*.mjs'], extends: [tseslint.configs.disableTypeChecked] },
);
