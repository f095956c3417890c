/** Jest over ES modules; `npm test` sets NODE_OPTIONS=--experimental-vm-modules, which they need. */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.caretrail/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'es6' } }],
  },
  globalSetup: './test/parts/global-setup.ts',
  globalTeardown: './test/parts/global-teardown.ts',
  testTimeout: 60_000,
  // On two cores: many tests wait for other processes more than they compute.
  maxWorkers: 3,
};
