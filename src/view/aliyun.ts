import { Failure } from '../core/failure.ts';
import { replaceValue } from '../core/json.ts';

/** As much as we know of the official CLI's `config.json`. */
interface Config {
  profiles?: { name?: unknown; mode?: unknown; access_key_id?: unknown; access_key_secret?: unknown }[];
}

/** Modes of a profile that begin with a pair; others get their credentials elsewhere. */
const KEY_PAIR_MODES = ['AK', 'RamRoleArn', '', undefined];

/**
 * The text of a `config.json` with a pair in one of its profiles, which is made when it is not there. Everything else
 * stays as it is. @throws Failure `later` (`SinkUnusable`) when the text is no such file
 */
export function setProfileKeyPair(text: string | undefined, name: string, id: string, secret: string): string {
  const profile = { name, mode: 'AK', access_key_id: id, access_key_secret: secret, region_id: 'cn-hangzhou' };
  const fresh = { ...profile, output_format: 'json', language: 'en' };
  if (text === undefined || text.trim() === '') {
    return `${JSON.stringify({ current: name, profiles: [fresh], meta_path: '' }, null, '\t')}\n`;
  }
  const { profiles } = parseConfig(text);
  const index = findProfileIndex(profiles, name);
  const { mode } = profiles?.[index] ?? {};
  if (!KEY_PAIR_MODES.includes(mode as string))
    throwUnusable(`the profile ${name} has the mode ${String(mode)}, which has no pair`);
  const edits: [path: (string | number)[], value: unknown][] = !profiles
    ? [[['profiles'], [fresh]]]
    : index === -1
      ? [[['profiles', profiles.length], fresh]]
      : [
          [['profiles', index, 'access_key_id'], id],
          [['profiles', index, 'access_key_secret'], secret],
        ];
  const edited = edits.reduce((before, [path, value]) => setMember(before, path, value), text);
  const held = findKeyPair(edited, name);
  // A member that stands there twice, say.
  if (held?.AccessKeyId !== id || held.AccessKeySecret !== secret)
    throwUnusable('the file of the aliyun CLI cannot be edited');
  return edited;
}

function setMember(text: string, path: (string | number)[], value: unknown): string {
  try {
    return replaceValue(text, path, value);
  } catch (error) {
    // The editor recurses.
    if (error instanceof RangeError) throwUnusable('the file of the aliyun CLI is nested too deeply');
    throw error;
  }
}

/** The pair of a profile; undefined when there is none, or no such file. */
export function findKeyPair(text: string | undefined, name: string) {
  try {
    const { profiles } = parseConfig(text ?? '');
    const profile = profiles?.[findProfileIndex(profiles, name)];
    return profile && { AccessKeyId: profile.access_key_id, AccessKeySecret: profile.access_key_secret };
  } catch {
    return undefined;
  }
}

function findProfileIndex(profiles: Config['profiles'], name: string): number {
  return profiles?.findIndex((profile) => profile?.name === name) ?? -1;
}

function parseConfig(text: string): Config {
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch {
    throwUnusable('the file of the aliyun CLI is not JSON');
  }
  const isObject = typeof config === 'object' && config !== null && !Array.isArray(config);
  const { profiles = [] } = (isObject ? config : { profiles: null }) as { profiles?: unknown };
  if (!Array.isArray(profiles)) throwUnusable('the file of the aliyun CLI has no list of profiles');
  return config as Config;
}

function throwUnusable(message: string): never {
  throw new Failure('later', 'SinkUnusable', message, { Field: '--secret-to' });
}
