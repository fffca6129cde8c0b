import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/support/global-setup.ts',
    // Test files share the modules that they load. Loading them again for each file takes longer than the tests of most files.
    isolate: false,
    testTimeout: 60_000,
    // Default imports of CommonJS modules are the same as in Node and in the bundle.
    deps: { interopDefault: false },
    // By default vitest leaves one core idle, although tests of processes spend much time waiting.
    maxWorkers: availableParallelism() + 1,
    // Tests decide colours, questions and directories themselves.
    env: {
      NO_COLOR: '',
      FORCE_COLOR: '',
      CI: '',
      RAMCTL_DIRECTORY: '',
      RAMCTL_OUTPUT: '',
      RAMCTL_NO_INPUT: '',
      RAMCTL_KEY_FILE: '',
    },
  },
});
