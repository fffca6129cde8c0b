#!/usr/bin/env node
// Hands the process to main and sets the exit code. What escapes main, or keeps it from loading, is a bug.
function bug(error) {
  process.stderr.write(`error: this is a bug in ramctl, please report it: ${error?.stack ?? error}\n`);
  process.exit(70);
}
process.once('uncaughtException', bug);
require('../dist/main.cjs')
  .main(process)
  .then((code) => {
    process.exitCode = code;
  }, bug);
