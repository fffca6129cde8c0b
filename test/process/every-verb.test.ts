import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { JSON_MEMBERS } from '../../src/cli/help/json-members.ts';
import type { CreatedUser } from '../../src/core/workflows/provision.ts';
import { findDifferences } from '../support/json-members.ts';
import { codeAt } from '../support/mfa.ts';
import { Home, parseError } from '../support/process.ts';
import { splitWords } from '../support/shell.ts';
import { TestWorld } from '../support/test-world.ts';
import { verbs } from '../support/verbs.ts';

interface VerbCalls {
  /** The arguments of a call that succeeds. */
  valid: string;
  result: 'an object' | 'an array';
  /** The arguments of a call that fails. */
  invalid: string;
  exit: number;
  Code: string;
}

const IOT = 'AliyunIOTReadOnlyAccess';
const UNKNOWN_USER = { invalid: 'unknown', exit: 3, Code: 'EntityNotExist.User' };
const UNKNOWN_KEY = { invalid: `deployer LTAI${'x'.repeat(20)} --yes`, exit: 3, Code: 'EntityNotExist.User.AccessKey' };
const UNKNOWN_CHANGE = { invalid: 'unknown --yes', exit: 3, Code: 'EntityNotExist.Change' };
const NO_LOGON = { invalid: 'bob --yes', exit: 3, Code: 'EntityNotExist.User.LoginProfile' };
const UNKNOWN_POLICY = { invalid: 'NoSuchPolicy --user alice', exit: 3, Code: 'EntityNotExist.Policy' };
const UNKNOWN_GROUP = { invalid: 'unknown', exit: 3, Code: 'EntityNotExist.Group' };
const UNKNOWN_ROLE = { invalid: 'unknown', exit: 3, Code: 'EntityNotExist.Role' };
const MALFORMED = { exit: 1, Code: 'MalformedPolicyDocument' };
const WRONG_CODES = { invalid: 'bob --code 000000 --code 000000', exit: 4, Code: 'CheckAuthenticationCodeFail' };
const EXTRA_ARGUMENTS = { invalid: 'and more', exit: 2, Code: 'Usage' };

/**
 * A call that succeeds and a call that fails, for each verb. `KEY` is the ID of deployer's AccessKey, `CHANGE` that
 * of the last change. `CODES` are the options that bind bob's device.
 */
const CALLS: Record<string, VerbCalls> = {
  'user create': {
    valid: `carol --console --access-key --policy ${IOT} --tag team=iot`,
    result: 'an object',
    invalid: 'ALICE --console',
    exit: 1,
    Code: 'EntityAlreadyExists.User',
  },
  'user import': {
    valid: 'users.csv',
    result: 'an array',
    invalid: 'twice.csv',
    exit: 1,
    Code: 'InvalidRows',
  },
  'user list': { valid: 'a --without-mfa', result: 'an array', ...UNKNOWN_POLICY, invalid: '--policy NoSuchPolicy' },
  'user get': { valid: 'alice', result: 'an object', ...UNKNOWN_USER },
  'user edit': {
    valid: 'alice --comments x --tag team=iot --untag none',
    result: 'an object',
    ...UNKNOWN_USER,
    invalid: 'unknown --comments x',
  },
  'user delete': {
    valid: 'bob --yes',
    result: 'an array',
    invalid: 'alice --yes',
    exit: 1,
    Code: 'DeleteConflict.User.Group',
  },
  'login set': {
    valid: 'bob --generate-password',
    result: 'an object',
    ...UNKNOWN_USER,
    invalid: 'unknown --mfa required',
  },
  'login get': { valid: 'alice', result: 'an object', ...NO_LOGON },
  'login enable': { valid: 'alice', result: 'an object', ...NO_LOGON },
  'login disable': { valid: 'alice', result: 'an object', ...NO_LOGON },
  'login delete': { valid: 'alice --yes', result: 'an object', ...NO_LOGON },
  'mfa enable': { valid: 'bob --no-bind', result: 'an object', ...UNKNOWN_USER, invalid: 'unknown --no-bind' },
  'mfa bind': { valid: 'bob CODES', result: 'an object', ...WRONG_CODES },
  'mfa disable': { valid: 'alice --yes', result: 'an object', ...UNKNOWN_USER, invalid: 'unknown --yes' },
  'mfa delete': {
    valid: 'bob --yes',
    result: 'an object',
    invalid: 'nothing --yes',
    exit: 3,
    Code: 'EntityNotExist.VirtualMFADevice',
  },
  'mfa get': { valid: 'alice', result: 'an object', ...UNKNOWN_USER },
  'mfa list': { valid: '', result: 'an array', ...EXTRA_ARGUMENTS },
  'ak create': { valid: 'bob', result: 'an object', ...UNKNOWN_USER },
  'ak list': { valid: 'deployer', result: 'an array', ...UNKNOWN_USER },
  'ak last-used': { valid: 'deployer KEY', result: 'an object', ...UNKNOWN_KEY },
  'ak disable': { valid: 'deployer KEY', result: 'an object', ...UNKNOWN_KEY },
  'ak enable': { valid: 'deployer KEY', result: 'an object', ...UNKNOWN_KEY },
  'ak delete': { valid: 'deployer KEY --force --yes', result: 'an object', ...UNKNOWN_KEY },
  'group create': { valid: 'ops', result: 'an object', invalid: 'STAFF', exit: 1, Code: 'EntityAlreadyExists.Group' },
  'group list': { valid: '', result: 'an array', ...EXTRA_ARGUMENTS },
  'group get': { valid: 'staff', result: 'an object', ...UNKNOWN_GROUP },
  'group edit': { valid: 'staff --name crew', result: 'an object', ...UNKNOWN_GROUP, invalid: 'unknown --comments x' },
  'group add': { valid: 'staff bob', result: 'an array', ...UNKNOWN_GROUP, invalid: 'unknown bob' },
  'group remove': { valid: 'staff alice', result: 'an array', ...UNKNOWN_GROUP, invalid: 'unknown bob' },
  'group delete': {
    valid: 'staff --cascade --yes',
    result: 'an array',
    invalid: 'staff --yes',
    exit: 1,
    Code: 'DeleteConflict.Group.User',
  },
  'role create': {
    valid: 'web --trusted-service ecs.aliyuncs.com',
    result: 'an object',
    invalid: 'AUDITOR',
    exit: 1,
    Code: 'EntityAlreadyExists.Role',
  },
  'role list': { valid: 'audit', result: 'an array', ...EXTRA_ARGUMENTS },
  'role get': { valid: 'auditor', result: 'an object', ...UNKNOWN_ROLE },
  'role edit': {
    valid: 'auditor --max-session-duration 2h',
    result: 'an object',
    ...UNKNOWN_ROLE,
    invalid: 'unknown --description x',
  },
  'role delete': {
    valid: 'auditor --cascade --yes',
    result: 'an array',
    invalid: 'auditor --yes',
    exit: 1,
    Code: 'DeleteConflict.Role.Policy',
  },
  'policy create': {
    valid: 'Mine --document policy.json --tag team=iot',
    result: 'an object',
    ...MALFORMED,
    invalid: 'Mine --document users.csv',
  },
  'policy edit': {
    valid: 'Own --document policy.json --tag team=iot',
    result: 'an object',
    ...MALFORMED,
    invalid: 'Own --document users.csv',
  },
  'policy versions': { valid: 'Own', result: 'an array', ...UNKNOWN_POLICY, invalid: 'NoSuchPolicy' },
  'policy set-default': { valid: 'Own v1', result: 'an object', ...UNKNOWN_POLICY, invalid: `${IOT} v1` },
  'policy delete': { valid: 'Own --yes', result: 'an object', ...UNKNOWN_POLICY, invalid: 'NoSuchPolicy --yes' },
  'policy validate': { valid: 'policy.json', result: 'an object', invalid: 'none.json', exit: 3, Code: 'FileNotFound' },
  'policy diff': {
    valid: 'Own --document broader.json',
    result: 'an array',
    ...MALFORMED,
    invalid: 'Own --document users.csv',
  },
  'policy simulate': {
    valid: 'alice --action iot:QueryDevice',
    result: 'an array',
    ...UNKNOWN_USER,
    invalid: 'unknown --action iot:Pub',
  },
  'ak verify': {
    valid: 'KEY --secret-stdin',
    result: 'an object',
    invalid: 'LTAI --secret-stdin',
    exit: 4,
    Code: 'InvalidAccessKey',
  },
  'ak rotate': { valid: 'deployer', result: 'an object', ...UNKNOWN_USER },
  'ak rotation list': { valid: '', result: 'an array', ...UNKNOWN_USER },
  'ak rotation finish': { valid: '', result: 'an array', ...UNKNOWN_USER },
  'ak rotation rollback': { valid: 'spinner --yes', result: 'an object', ...UNKNOWN_USER, invalid: 'unknown --yes' },
  'policy list': { valid: 'iot', result: 'an array', invalid: '--directory .', exit: 6, Code: 'DirectoryUnusable' },
  'policy get': { valid: IOT, result: 'an object', ...UNKNOWN_POLICY, invalid: 'NoSuchPolicy' },
  'policy system import': {
    valid: 'system-policies.json',
    result: 'an array',
    invalid: 'policy.json',
    exit: 1,
    Code: 'MalformedFile',
  },
  'policy attach': { valid: `${IOT} --user bob`, result: 'an array', ...UNKNOWN_POLICY },
  'policy detach': { valid: `${IOT} --user alice`, result: 'an array', ...UNKNOWN_POLICY },
  logon: {
    valid: 'dora@acme --password-file password',
    result: 'an object',
    invalid: 'unknown@acme --password-file users.csv',
    exit: 4,
    Code: 'LogonRefused',
  },
  init: {
    valid: '-d new.json --alias acme',
    result: 'an object',
    invalid: '--alias acme',
    exit: 1,
    Code: 'DirectoryAlreadyExists',
  },
  overview: { valid: '', result: 'an object', ...EXTRA_ARGUMENTS },
  history: { valid: '--since 1d --limit 3', result: 'an array', ...EXTRA_ARGUMENTS },
  'history get': { valid: 'CHANGE', result: 'an object', ...UNKNOWN_CHANGE, invalid: 'unknown' },
  undo: { valid: 'CHANGE --yes', result: 'an object', ...UNKNOWN_CHANGE },
  report: { valid: '', result: 'an array', ...EXTRA_ARGUMENTS },
  'account alias': {
    valid: 'example',
    result: 'an object',
    invalid: 'No',
    exit: 1,
    Code: 'InvalidParameter.AccountAlias.Length',
  },
  'account settings get': { valid: '', result: 'an object', ...EXTRA_ARGUMENTS },
  'account settings set': {
    valid: '--max-password-age 90',
    result: 'an object',
    invalid: '--max-password-age 9999',
    exit: 1,
    Code: 'InvalidParameter.MaxPasswordAge.Range',
  },
  'directory path': { valid: '', result: 'an object', ...EXTRA_ARGUMENTS },
  'directory backup': {
    valid: 'copy.json',
    result: 'an object',
    invalid: 'none/copy.json',
    exit: 5,
    Code: 'SinkUnavailable',
  },
  'directory restore': {
    valid: 'backup.json --yes',
    result: 'an object',
    invalid: 'users.csv --yes',
    exit: 6,
    Code: 'DirectoryCorrupt',
  },
  'directory check': { valid: '', result: 'an object', ...EXTRA_ARGUMENTS },
  'directory copy': {
    valid: 'ramctl/directory.json other.json --new-passwords --new-access-keys',
    result: 'an array',
    invalid: 'ramctl/directory.json none.json',
    exit: 3,
    Code: 'DirectoryNotFound',
  },
  export: { valid: '', result: 'an object', invalid: '--columns UserName', exit: 2, Code: 'Usage' },
  apply: { valid: 'wanted.yaml', result: 'an array', invalid: 'users.csv', exit: 1, Code: 'InvalidMember' },
};

/** The verbs of the table. `completion` and `serve` do not print a JSON result. */
const testedVerbs = new Map(verbs.filter(([name]) => !['completion', 'serve'].includes(name)));
const sampleHome = new Home();
let keyId = '';
let changeId = '';
let secret = '';
let seed = '';

function codeOptions(): string {
  const now = new Date();
  return `--code ${codeAt(seed, now)} --code ${codeAt(seed, now, 1)}`;
}

beforeAll(async () => {
  sampleHome.write('policy.json', '{"Version":"1","Statement":[{"Effect":"Allow","Action":"iot:Pub","Resource":"*"}]}');
  sampleHome.write('broader.json', '{"Version":"1","Statement":[{"Effect":"Allow","Action":"iot:*","Resource":"*"}]}');
  sampleHome.write(
    'system-policies.json',
    '{"PolicyName":"AliyunNewAccess","DefaultVersion":"v1","PolicyDocument":{"Version":"1","Statement":[{"Effect":"Allow","Action":"new:*","Resource":"*"}]}}',
  );
  sampleHome.write('users.csv', 'UserName,Console\nerin,true\n');
  sampleHome.write('twice.csv', 'UserName\nerin\nErin\n');
  sampleHome.write('wanted.yaml', 'Users: [{UserName: fred, LoginProfile: {}, AccessKey: true}]\n');
  sampleHome.write('password', 'Correct-Horse-9');
  await sampleHome.json('account', 'alias', 'acme');
  const passwordArgs = ['--console', '--password-file', 'password', '--password-reset', 'not-required'];
  await sampleHome.json('user', 'create', 'dora', ...passwordArgs);
  await sampleHome.json('user', 'create', 'alice', '--console', '--policy', IOT);
  await sampleHome.json('login', 'set', 'alice', '--mfa', 'required');
  await sampleHome.json('user', 'create', 'bob');
  await sampleHome.json('group', 'create', 'staff');
  await sampleHome.json('group', 'add', 'staff', 'alice');
  await sampleHome.json('role', 'create', 'auditor');
  await sampleHome.json('policy', 'attach', IOT, '--role', 'auditor');
  await sampleHome.json('policy', 'create', 'Own', '--document', 'policy.json');
  await sampleHome.json('user', 'create', 'spinner', '--access-key');
  await sampleHome.json('ak', 'rotate', 'spinner');
  seed = (await sampleHome.json<{ Base32StringSeed: string }>('mfa', 'enable', 'bob', '--no-bind')).Base32StringSeed;
  await sampleHome.json('directory', 'backup', 'backup.json');
  await sampleHome.json('init', '-d', 'other.json');
  const deployer = await sampleHome.json<CreatedUser>('user', 'create', 'deployer', '--access-key');
  keyId = deployer.AccessKey?.AccessKeyId ?? '';
  secret = deployer.AccessKey?.AccessKeySecret ?? '';
  changeId = await sampleHome.json('history', '--query', '[0].ChangeId');
});

it('the table of calls has exactly the verbs of the program', () => {
  expect(Object.keys(CALLS).sort()).toEqual([...testedVerbs.keys()].sort());
});

describe.each(Object.entries(CALLS))('%s', (name, { valid, result, invalid, exit, Code }) => {
  const args = (text: string) => [
    ...name.split(' '),
    ...splitWords(text.replace('KEY', keyId).replace('CHANGE', changeId).replace('CODES', codeOptions)),
  ];

  it('prints one JSON document with the members of help json if it succeeds', async () => {
    const input = /secret-stdin/.test(valid) ? secret : undefined;
    const { code, out, err } = await sampleHome.copy().run([...args(valid), '-o', 'json'], input ? { input } : {});
    expect([code, err]).toEqual([0, expect.not.stringContaining('error')]);
    const members = JSON_MEMBERS[/--no-bind/.test(valid) ? `${name} --no-bind` : name] ?? '';
    expect(findDifferences(JSON.parse(out), members)).toEqual([]);
    expect(Array.isArray(JSON.parse(out)) ? 'an array' : `an ${typeof JSON.parse(out)}`).toBe(result);
  });

  it('prints only an error object if it fails, and does not change the directory', async () => {
    const home = sampleHome.copy();
    const failed = await home.run(['-o', 'json', ...args(invalid)]);
    expect([failed.code, failed.out, parseError(failed).Code]).toEqual([exit, '', Code]);
    expect(home.read('ramctl/directory.json')).toBe(sampleHome.read('ramctl/directory.json'));
  });

  it.skipIf(['init', 'directory path', 'directory restore', 'directory copy'].includes(name))(
    'ends with exit code 3 and creates nothing if the named directory does not exist',
    async () => {
      const home = sampleHome.copy();
      const input = /secret-stdin/.test(valid) ? secret : '';
      const failed = await home.run([...args(valid), '-d', 'none/d.json', '-o', 'json'], { input });
      const error = parseError(failed);
      expect([failed.code, failed.out, error.Code, error.Hint]).toEqual([
        3,
        '',
        'DirectoryNotFound',
        'ramctl -d none/d.json init',
      ]);
      expect(error.Message).toContain(join(home.folder, 'none/d.json'));
      expect(readdirSync(home.folder).sort()).toEqual(readdirSync(sampleHome.folder).sort());
    },
  );

  it('prints an error object if the command line is invalid', async () => {
    const verb = testedVerbs.get(name);
    const needsArguments = verb?.registeredArguments[0]?.required || /create|edit|set$/.test(name);
    const invalidLines = [
      [...args(valid), '--nope'],
      [...args(valid), '--query', '['],
      ...(needsArguments ? [args('')] : []),
    ];
    for (const line of invalidLines) {
      const { code, out, error } = await new TestWorld().ramctl(line, { environment: { output: 'json' } });
      expect([code, out, error.Code]).toEqual([2, '', 'Usage']);
    }
  });
});

it.each([
  '-o json',
  '-o json user',
  '--output=json user nope',
  'nope -ojson',
  'help nope --output json',
  'user get alice bob -o json',
  'user list --output yaml --limit 0 -o json',
  'user list -qo json --limit 0',
  'user create zoe -o json --comments --email',
])('an invalid command line with -o json prints an error object: ramctl %s', async (line) => {
  const failed = await sampleHome.run(splitWords(line));
  expect([failed.code, failed.out, parseError(failed).Code]).toEqual([2, '', 'Usage']);
});

it('a query that does not match the result is a usage error', async () => {
  const failed = await sampleHome.run(['user', 'get', 'alice', '--query', 'abs(UserName)', '-o', 'json']);
  expect([failed.code, failed.out, parseError(failed).Code]).toEqual([2, '', 'Usage']);
});

it('a query that does not match the result is found before the change is committed', async () => {
  const home = sampleHome.copy();
  const { code } = await home.run(['user', 'edit', 'alice', '--comments', 'x', '--query', 'abs(UserName)']);
  expect(code).toBe(2);
  expect(home.read('ramctl/directory.json')).toBe(sampleHome.read('ramctl/directory.json'));
});
