import { readFileSync, writeFileSync } from 'node:fs';
import type { State } from '../../src/core/state.ts';
import { decodeFile, encodeBody, encodeFile } from '../../src/store/file-format.ts';
import type { Home } from './process.ts';

/** Changes a directory file without ramctl and writes a valid checksum. */
export function editDirectoryFile(home: Home, change: (state: State) => void): void {
  const { revision, state, history } = decodeFile(readFileSync(home.directory), home.directory);
  change(state);
  writeFileSync(home.directory, encodeFile(revision, encodeBody(state, history), '0123456789abcdef'));
}
