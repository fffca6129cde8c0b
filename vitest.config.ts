import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    // By itself vitest leaves one core idle, and tests of processes wait a good part of their time.
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
