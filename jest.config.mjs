/** Node's own type stripping is the transform: the tests run the very source, line for line, that Node runs. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/jest.strip-types.mjs' },
  // Only for what hangs: how long a test takes is the machine's affair.
  testTimeout: 240_000,
  // Of two cores: a quarter of the time the tests wait for sockets.
  maxWorkers: 3,
};
