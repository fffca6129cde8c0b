import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clockAheadBy, Home, type Outcome, PROGRAM } from './process.ts';
import { encodingsOf } from './secrets.ts';
import type { KeyPair } from './signer.ts';

export type { KeyPair };

/** A home with the user robot, whose AccessKey is in `old.env`, and a `bin/ramctl` for scripts. */
export async function createRobotHome(): Promise<Home> {
  const home = new Home();
  await home.json('user', 'create', 'robot', '--access-key', '--secret-to', 'file:old.env');
  mkdirSync(join(home.folder, 'bin'));
  chmodSync(home.write('bin/ramctl', `#!/bin/sh\nexec "${process.execPath}" "${PROGRAM}" "$@"\n`), 0o755);
  return home;
}

/** Environment variables with which scripts find `ramctl`. */
export function scriptEnvironment(home: Home, more: Record<string, string> = {}): Record<string, string> {
  return { PATH: `${join(home.folder, 'bin')}:${process.env.PATH}`, ...more };
}

/** Environment variables that set the clock of each ramctl process ahead. */
export function clockEnvironment(milliseconds: number): Record<string, string> {
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(clockAheadBy(milliseconds))}` };
}

/** The key pair in an `.env` file or in the profile robot of a `config.json`; undefined if the file has none. */
export function readKeyPair(home: Home, name: string): KeyPair | undefined {
  if (!existsSync(join(home.folder, name))) return undefined;
  const text = home.read(name);
  const [id, secret] = name.endsWith('.json')
    ? [/"robot"[^}]*"access_key_id": ?"(\w+)"/, /"robot"[^}]*"access_key_secret": ?"(\w+)"/]
    : [/^ALIBABA_CLOUD_ACCESS_KEY_ID=(\w+)$/m, /^ALIBABA_CLOUD_ACCESS_KEY_SECRET=(\w+)$/m];
  const [, AccessKeyId] = id.exec(text) ?? [];
  const [, AccessKeySecret] = secret.exec(text) ?? [];
  return AccessKeyId && AccessKeySecret ? { AccessKeyId, AccessKeySecret } : undefined;
}

/** The status of each AccessKey of robot and the state of each rotation, read from the directory file. */
export function readRobot(home: Home): { keys: Record<string, string>; rotations: Record<string, string> } {
  const { Users } = JSON.parse(readFileSync(home.directory, 'utf8'));
  const { AccessKeys, Rotations = [] } = Users.find(({ UserName }: { UserName: string }) => UserName === 'robot');
  return {
    keys: Object.fromEntries(
      AccessKeys.map((key: { AccessKeyId: string; Status: string }) => [key.AccessKeyId, key.Status]),
    ),
    rotations: Object.fromEntries(
      Rotations.map((rotation: { RunId: string; State: string }) => [rotation.RunId, rotation.State]),
    ),
  };
}

/** The exit code of `ak verify` for a key pair: 0 if it is valid, 4 if not. */
export async function verifyKeyPair(home: Home, pair: KeyPair | undefined): Promise<Outcome['code']> {
  if (!pair) throw new Error('there is no key pair');
  const args = ['ak', 'verify', pair.AccessKeyId, '--secret-stdin'];
  return (await home.run(args, { input: `${pair.AccessKeySecret}\n` })).code;
}

/**
 * Calls `killAt` for step 1, 2, 3 and so on, until it returns false because the command ended before that step. Returns the
 * number of kills. Three calls run at the same time.
 */
export async function killAtEachStep(killAt: (step: number) => Promise<boolean>): Promise<number> {
  let steps = 0;
  let kills = 0;
  let isOver = false;
  const worker = async () => {
    while (!isOver) {
      steps += 1;
      if (await killAt(steps)) kills += 1;
      else isOver = true;
    }
  };
  await Promise.all([worker(), worker(), worker()]);
  return kills;
}

/** The files below a home that contain a secret, plain or encoded, except for the given files. */
export function findFilesWithSecret(home: Home, secret: string, ...except: string[]): string[] {
  return listFiles(home).filter(
    (name) => !except.includes(name) && encodingsOf(secret).some((encoding) => home.read(name).includes(encoding)),
  );
}

/** The paths of all files below a home, relative to it. */
export function listFiles(home: Home): string[] {
  return readdirSync(home.folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(home.folder.length + 1))
    .sort();
}
