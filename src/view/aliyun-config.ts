import { Failure } from '../core/failure.ts';
import { isObject } from '../core/is-object.ts';
import { replaceValue } from '../core/json.ts';

/** The members of a profile that ramctl uses, of any type because the file belongs to another program. */
type Profile = Partial<Record<'name' | 'mode' | 'access_key_id' | 'access_key_secret', unknown>> | null;

/** Modes of profiles that contain an AccessKey. Profiles of other modes get their credentials elsewhere. */
const KEY_PAIR_MODES: unknown[] = ['AK', 'RamRoleArn', '', undefined];

/**
 * Returns the text of the official CLI's `config.json` with an AccessKey in one of its profiles, which is added if it
 * does not exist. The rest of the text does not change.
 * @throws Failure `later` (`SinkUnusable`) when the text is not such a file or the profile cannot hold an AccessKey
 */
export function setProfileKeyPair(text: string | undefined, name: string, id: string, secret: string): string {
  const pair = { access_key_id: id, access_key_secret: secret };
  const profile = { name, mode: 'AK', ...pair, region_id: 'cn-hangzhou', output_format: 'json', language: 'en' };
  if (!text?.trim()) return `${JSON.stringify({ current: name, profiles: [profile], meta_path: '' }, null, '\t')}\n`;
  let edited = text;
  try {
    for (const [path, value] of planEdits(parseProfiles(text))) edited = replaceValue(edited, path, value);
  } catch (error) {
    // The editor is recursive, so deep nesting exhausts its stack.
    if (error instanceof RangeError) throwUnusable('the file of the aliyun CLI is nested too deeply');
    throw error;
  }
  const stored = findKeyPair(edited, name);
  // Editing has no effect if a member occurs twice, because readers use the last one.
  if (stored?.AccessKeyId !== id || stored.AccessKeySecret !== secret)
    throwUnusable('the file of the aliyun CLI cannot be edited');
  return edited;

  function planEdits(profiles: Profile[] | undefined): [path: (string | number)[], value: unknown][] {
    if (!profiles) return [[['profiles'], [profile]]];
    const index = profiles.findIndex((candidate) => candidate?.name === name);
    if (index === -1) return [[['profiles', profiles.length], profile]];
    const mode = profiles[index]?.mode;
    if (!KEY_PAIR_MODES.includes(mode))
      throwUnusable(`the profile ${name} has the mode ${String(mode)}, which uses no AccessKey`);
    return Object.entries(pair).map(([member, value]) => [['profiles', index, member], value]);
  }
}

/** Returns the AccessKey of a profile; undefined when the profile or the file does not exist or is not usable. */
export function findKeyPair(text: string | undefined, name: string) {
  try {
    const profile = parseProfiles(text ?? '')?.find((candidate) => candidate?.name === name);
    return profile && { AccessKeyId: profile.access_key_id, AccessKeySecret: profile.access_key_secret };
  } catch {
    return undefined;
  }
}

/** Returns the profiles of a `config.json`; undefined when it has no such member. @throws Failure `later` */
function parseProfiles(text: string): Profile[] | undefined {
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch {
    throwUnusable('the file of the aliyun CLI is not JSON');
  }
  const profiles = isObject(config) ? config.profiles : null;
  if (profiles !== undefined && !Array.isArray(profiles))
    throwUnusable('the file of the aliyun CLI has no list of profiles');
  return profiles;
}

function throwUnusable(message: string): never {
  throw new Failure('later', 'SinkUnusable', message, { Field: '--secret-to' });
}
