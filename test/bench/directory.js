// Directories of any size for the benchmarks: copies of one user that ramctl has created.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';

export const RAMCTL = fileURLToPath(new URL('../../bin/ramctl.js', import.meta.url));

/**
 * The environment without settings of ramctl and Node, and with one key file for all directories of a folder. Node takes 28 ms
 * more to start if NODE_EXTRA_CA_CERTS is set, for example.
 */
export function environment(folder) {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(RAMCTL|NODE)_/.test(name));
  return { ...Object.fromEntries(inherited), RAMCTL_KEY_FILE: join(folder, 'seed.key') };
}

/** Runs a program (default: node) and waits for it. @throws if it fails */
export function run(folder, args, program = process.execPath) {
  const options = { stdio: ['ignore', 'pipe', 'pipe'], env: environment(folder) };
  const { status, stderr, error } = spawnSync(program, args, options);
  if (status !== 0) throw error ?? new Error(`${program} ${args.join(' ')} ended with ${status}: ${stderr}`);
}

/** Creates a directory. Returns its account and one user with console logon and an AccessKey. */
export function makeSeed(folder) {
  const path = join(folder, 'seed.json');
  run(folder, [RAMCTL, '-d', path, 'init']);
  run(folder, [RAMCTL, '-d', path, 'user', 'create', nameOf(0), '--console', '--access-key']);
  const { Format, Version, Account, Users } = JSON.parse(readFileSync(path, 'utf8'));
  return { Format, Version, Account, user: Users[0] };
}

/**
 * Creates a directory with `size` copies of the seed's user in the format of src/store/file-format.ts. Returns its path. The
 * encrypted secrets of the copies cannot be decrypted; no benchmark decrypts them.
 */
export function makeDirectory(folder, { Format, Version, Account, user }, size) {
  const Revision = 1;
  const lines = Array.from({ length: size }, (_, index) => JSON.stringify(cloneUser(user, index)));
  const body = `"Account":${JSON.stringify(Account)},\n"Users":[\n${lines.join(',\n')}\n],\n"MFADevices":[],\n"Groups":[],\n"Policies":[],\n"SystemPolicies":[],\n"Roles":[],\n"History":{},\n"Changes":[]}\n`;
  const Tag = '0'.repeat(16);
  const Checksum = crc32(`${Version} ${Revision} ${Tag}\n${body}`).toString(16).padStart(8, '0');
  const head = JSON.stringify({ Format, Version, Revision, Tag, Checksum }).replace(/\}$/, ',\n');
  const path = join(folder, `${size}.json`);
  writeFileSync(path, head + body, { mode: 0o600 });
  return path;
}

export function nameOf(index) {
  return `user-${String(index).padStart(4, '0')}`;
}

/** A copy of a user with another name and other IDs of the same length. */
function cloneUser(user, index) {
  const number = String(index).padStart(4, '0');
  const renumber = (id) => id.slice(0, -number.length) + number;
  const AccessKeys = user.AccessKeys.map((key) => ({ ...key, AccessKeyId: renumber(key.AccessKeyId) }));
  return { ...user, UserId: renumber(user.UserId), UserName: nameOf(index), AccessKeys };
}
