import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Gives all temporary files of the tests one folder. Returns a function that removes it. */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'ramctl-tests-'));
  // Tests that run ramctl as another user must reach their files in it.
  chmodSync(folder, 0o711);
  process.env.TMPDIR = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
