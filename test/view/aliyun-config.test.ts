import { describe, expect, it } from 'vitest';
import { findKeyPair, setProfileKeyPair } from '../../src/view/aliyun-config.ts';
import { failure } from '../support/failures.ts';

const unusable = failure('later', 'SinkUnusable');
const write = (text: string | undefined, name: string) => setProfileKeyPair(text, name, 'NEW-ID', 'NEW-SECRET');
const FRESH = {
  name: 'robot',
  mode: 'AK',
  access_key_id: 'NEW-ID',
  access_key_secret: 'NEW-SECRET',
  region_id: 'cn-hangzhou',
  output_format: 'json',
  language: 'en',
};

/** A file as the official CLI writes it, with additional members that ramctl does not know. */
const LINES = [
  '{',
  '\t"current": "default",',
  '\t"profiles": [',
  '\t\t{',
  '\t\t\t"name": "default",',
  '\t\t\t"mode": "AK",',
  '\t\t\t"access_key_id": "OLD-ID",',
  '\t\t\t"access_key_secret": "OLD-SECRET",',
  '\t\t\t"expired_seconds": 12345678901234567890,',
  '\t\t\t"retry_timeout":1.50e1, "z":"\\u00e9é", "a":null',
  '\t\t},',
  '\t\t{',
  '\t\t\t"name": "role",',
  '\t\t\t"mode": "RamRoleArn",',
  '\t\t\t"access_key_id": "ROLE-ID",',
  '\t\t\t"access_key_secret": "ROLE-SECRET",',
  '\t\t\t"ram_role_arn": "acs:ram::1:role/ops"',
  '\t\t},',
  '\t\t{',
  '\t\t\t"name": "ecs",',
  '\t\t\t"mode": "EcsRamRole"',
  '\t\t}',
  '\t],',
  '\t"meta_path": "",',
  '\t"unknown": [ 1,2,  3 ]',
  '}',
];
const LAYOUTS: [string, string][] = [
  ['tabs', LINES.join('\n')],
  ['spaces', LINES.map((line) => line.replace(/\t/g, '    ')).join('\n')],
  ['Windows line ends and a final line end', `${LINES.join('\r\n')}\r\n`],
  ['one line', LINES.map((line) => line.trim()).join('')],
];

describe.each(LAYOUTS)('a file laid out with %s', (_, text) => {
  it.each([
    ['default', 'OLD'],
    ['role', 'ROLE'],
  ])('gets a new AccessKey in the profile %s and does not change otherwise', (name, old) => {
    const written = write(text, name);
    expect(written).toBe(text.replace(`${old}-ID`, 'NEW-ID').replace(`${old}-SECRET`, 'NEW-SECRET'));
    expect(findKeyPair(written, name)).toEqual({ AccessKeyId: 'NEW-ID', AccessKeySecret: 'NEW-SECRET' });
  });

  it('gets a new profile at the end of the list', () => {
    const written = write(text, 'robot');
    const { profiles, ...rest } = JSON.parse(text);
    expect(JSON.parse(written)).toEqual({ ...rest, profiles: [...profiles, FRESH] });
    const values = (json: string) => json.match(/"[^"]*"|[\d.e]+|null/g) ?? [];
    expect(values(written).filter((value) => /\d/.test(value))).toEqual(
      [...values(text), '"cn-hangzhou"'].filter((value) => /\d/.test(value)),
    );
    if (!text.includes('\n')) return;
    const at = text.lastIndexOf('}', text.lastIndexOf(']', text.indexOf('"meta_path"'))) + 1;
    expect([written.slice(0, at), written.slice(written.length - (text.length - at))]).toEqual([
      text.slice(0, at),
      text.slice(at),
    ]);
  });
});

it.each([undefined, '', ' \n'])('An empty file (%j) gets the profile as its first and current one', (text) => {
  const written = write(text, 'robot');
  expect(JSON.parse(written)).toEqual({ current: 'robot', profiles: [FRESH], meta_path: '' });
  expect(written).toMatch(/^\{\n\t"current": "robot",\n.*\}\n$/s);
  expect(findKeyPair(text, 'robot')).toBeUndefined();
});

it.each<[string, object]>([
  ['{}', { profiles: [FRESH] }],
  ['{"current":"a"}', { current: 'a', profiles: [FRESH] }],
  ['{"profiles":[]}', { profiles: [FRESH] }],
  ['{"profiles":[ null ], "current": ""}', { profiles: [null, FRESH], current: '' }],
  ['{"profiles":[{"name":"robot"}]}', { profiles: [withKeyPair({ name: 'robot' })] }],
  ['{"profiles":[{"name":"robot","mode":""}]}', { profiles: [withKeyPair({ name: 'robot', mode: '' })] }],
  ['{"profiles":[{"name":"ROBOT"}]}', { profiles: [{ name: 'ROBOT' }, FRESH] }],
])('%s gets an AccessKey', (text, expected) => {
  expect(JSON.parse(write(text, 'robot'))).toEqual(expected);
});

it('A profile with a duplicate member is refused', () => {
  const text = '{"profiles":[{"name":"robot","access_key_id":"1","access_key_id":"2"}]}';
  expect(() => write(text, 'robot')).toThrow(unusable);
});

it('Names and secrets may contain any characters', () => {
  const name = 'a"b\\c é {"x":[';
  expect(findKeyPair(setProfileKeyPair('{}', name, '"', '\\'), name)).toEqual({
    AccessKeyId: '"',
    AccessKeySecret: '\\',
  });
});

it('No AccessKey is found in a profile without one or in a profile that does not exist', () => {
  const [[, text = ''] = []] = LAYOUTS;
  expect(findKeyPair(text, 'robot')).toBeUndefined();
  expect(findKeyPair(text, 'ecs')).toEqual({ AccessKeyId: undefined, AccessKeySecret: undefined });
});

it.each(['StsToken', 'EcsRamRole', 'CloudSSO', 'OIDC', 'ak', 7, null])(
  'A profile of mode %j is refused, and other profiles of the file are accepted',
  (mode) => {
    const text = JSON.stringify({ profiles: [{ name: 'robot', mode }, { name: 'other' }] });
    expect(() => write(text, 'robot')).toThrow(unusable);
    expect(findKeyPair(write(text, 'other'), 'other')?.AccessKeyId).toBe('NEW-ID');
  },
);

it.each([
  '{',
  '{"profiles":[}',
  '{"profiles":[],}',
  '// mine\n{}',
  '\ufeff{}',
  'null',
  '[]',
  '"x"',
  '7',
  '{"profiles":{}}',
  '{"profiles":null}',
])('%j is refused, and the error does not quote the file', (text) => {
  expect(() => write(text, 'robot')).toThrow(unusable);
  expect(findKeyPair(text, 'robot')).toBeUndefined();
  const secret = text.replace(/^(.)?/, '$1 OLD-SECRET');
  expect(() => write(secret, 'robot')).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('OLD') }),
  );
});

it('A file that is nested too deeply is refused', () => {
  const text = `{"profiles":[{"name":"robot"}],"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
  expect(() => write(text, 'robot')).toThrow(unusable);
});

function withKeyPair(profile: object): object {
  return { ...profile, access_key_id: 'NEW-ID', access_key_secret: 'NEW-SECRET' };
}
