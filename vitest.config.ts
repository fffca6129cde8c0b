import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    // By itself vitest leaves one core idle.
    maxWorkers: '100%',
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
