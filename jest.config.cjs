/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['perennial-source', 'node', 'require', 'default'] },
  testMatch: ['<rootDir>/test/**/*.test.ts', '<rootDir>/test/**/*.test.tsx'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.perennial'],
  // temporal-polyfill and what it needs are published as ES modules only, and PGlite imports at run time: jest must compile them too.
  transformIgnorePatterns: ['/node_modules/(?!temporal-(polyfill|utils)/|@electric-sql/pglite/)'],
  transform: {
    '\\.c?[jt]sx?$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', tsx: true },
          transform: { react: { runtime: 'automatic', importSource: 'preact' } },
        },
        module: { type: 'commonjs' },
      },
    ],
  },
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  reporters: ['default', '<rootDir>/tools/jest-summary.cjs'],
  testTimeout: 60_000,
};
