#!/usr/bin/env node
// Hands the process to main and sets the exit code. What cannot even be loaded is a bug too.
process.exitCode = await import('../dist/main.js').then(
  ({ main }) => main(process),
  (error) => {
    process.stderr.write(`error: ramctl could not be loaded: ${error.message}\n`);
    return 70;
  },
);
