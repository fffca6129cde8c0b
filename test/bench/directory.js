// A directory as large as one likes, for the benches: made from one user whom ramctl itself has made.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const RAMCTL = fileURLToPath(new URL('../../bin/ramctl.js', import.meta.url));

/** The caller's environment without settings of ours; one key file for all directories of a folder. */
export function environment(folder) {
  const inherited = Object.entries(process.env).filter(([name]) => !/^RAMCTL_/.test(name));
  return { ...Object.fromEntries(inherited), RAMCTL_KEY_FILE: join(folder, 'seed.key') };
}

/** Runs a program, node unless named, to its end. @throws when it fails */
export function run(folder, words, program = process.execPath) {
  const options = { stdio: ['ignore', 'pipe', 'pipe'], env: environment(folder) };
  const { status, stderr, error } = spawnSync(program, words, options);
  if (status !== 0) throw error ?? new Error(`${program} ${words.join(' ')} ended with ${status}: ${stderr}`);
}

/** The account of a new directory, and a user with logon and an AccessKey. */
export function makeSeed(folder) {
  const path = join(folder, 'seed.json');
  run(folder, [RAMCTL, '-d', path, 'user', 'create', nameOf(0), '--console', '--access-key']);
  const { Format, Version, Account, Users } = JSON.parse(readFileSync(path, 'utf8'));
  return { Format, Version, Account, user: Users[0] };
}

/**
 * A directory of `size` users like the seed's, as src/store/schema.ts writes it; returns its path. The seals fit the
 * seed's user alone, which no bench minds: none of them is opened.
 */
export function makeDirectory(folder, { Format, Version, Account, user }, size) {
  const Revision = 1;
  const lines = Array.from({ length: size }, (_, index) => JSON.stringify(likeness(user, index)));
  const body = `"Account":${JSON.stringify(Account)},\n"Users":[\n${lines.join(',\n')}\n],\n"MFADevices":[],\n"Groups":[],\n"Policies":[]}\n`;
  const Tag = '0'.repeat(16);
  const Checksum = createHash('sha256').update(`${Version} ${Revision} ${Tag}\n${body}`).digest('hex');
  const head = JSON.stringify({ Format, Version, Revision, Tag, Checksum }).replace(/\}$/, ',\n');
  const path = join(folder, `${size}.json`);
  writeFileSync(path, head + body, { mode: 0o600 });
  return path;
}

export function nameOf(index) {
  return `user-${String(index).padStart(4, '0')}`;
}

/** The same record under another name and with other ids, each as long as before. */
function likeness(user, index) {
  const number = String(index).padStart(4, '0');
  const renumbered = (id) => id.slice(0, -number.length) + number;
  const AccessKeys = user.AccessKeys.map((key) => ({ ...key, AccessKeyId: renumbered(key.AccessKeyId) }));
  return { ...user, UserId: renumbered(user.UserId), UserName: nameOf(index), AccessKeys };
}
