import { beforeAll, describe, expect, it } from 'vitest';
import type { RamctlCommand } from '../../src/cli/command.ts';
import { NOUNS } from '../../src/cli/nouns.ts';
import { createProgram, declareVerbs } from '../../src/cli/program.ts';
import type { CreatedUser } from '../../src/core/workflows/provision.ts';
import { codeAt } from '../support/mfa.ts';
import { Home, parseError } from '../support/process.ts';
import { splitWords } from '../support/shell.ts';
import { TestWorld } from '../support/test-world.ts';

interface Calls {
  /** Succeeds. */
  good: string;
  is: 'an object' | 'an array';
  /** Fails. */
  bad: string;
  exit: number;
  Code: string;
}

const IOT = 'AliyunIOTReadOnlyAccess';
const NOBODY = { bad: 'nobody', exit: 3, Code: 'EntityNotExist.User' };
const NO_KEY = { bad: `deployer LTAI${'x'.repeat(20)} --yes`, exit: 3, Code: 'EntityNotExist.User.AccessKey' };
const NO_LOGON = { bad: 'bob --yes', exit: 3, Code: 'EntityNotExist.User.LoginProfile' };
const NO_POLICY = { bad: 'NoSuchPolicy --user alice', exit: 3, Code: 'EntityNotExist.Policy' };
const NO_GROUP = { bad: 'nobody', exit: 3, Code: 'EntityNotExist.Group' };
const MALFORMED = { exit: 1, Code: 'MalformedPolicyDocument' };
const WRONG_CODES = { bad: 'bob --code 000000 --code 000000', exit: 4, Code: 'CheckAuthenticationCodeFail' };
const EXCESS = { bad: 'and more', exit: 2, Code: 'Usage' };

/**
 * One call that works and one that does not, for each verb. `KEY` is deployer's AccessKey, `CODES` are those that bind
 * bob's device.
 */
const CALLS: Record<string, Calls> = {
  'user create': {
    good: `carol --console --access-key --policy ${IOT}`,
    is: 'an object',
    bad: 'ALICE --console',
    exit: 1,
    Code: 'EntityAlreadyExists.User',
  },
  'user import': {
    good: 'users.csv',
    is: 'an array',
    bad: 'twice.csv',
    exit: 1,
    Code: 'InvalidRows',
  },
  'user list': { good: 'a --without-mfa', is: 'an array', ...NO_POLICY, bad: '--policy NoSuchPolicy' },
  'user get': { good: 'alice', is: 'an object', ...NOBODY },
  'user edit': { good: 'alice --comments x', is: 'an object', ...NOBODY, bad: 'nobody --comments x' },
  'user delete': { good: 'bob --yes', is: 'an array', bad: 'alice --yes', exit: 1, Code: 'DeleteConflict.User.Group' },
  'login set': { good: 'bob --generate-password', is: 'an object', ...NOBODY, bad: 'nobody --mfa required' },
  'login get': { good: 'alice', is: 'an object', ...NO_LOGON },
  'login enable': { good: 'alice', is: 'an object', ...NO_LOGON },
  'login disable': { good: 'alice', is: 'an object', ...NO_LOGON },
  'login delete': { good: 'alice --yes', is: 'an object', ...NO_LOGON },
  'mfa enable': { good: 'bob --no-bind', is: 'an object', ...NOBODY, bad: 'nobody --no-bind' },
  'mfa bind': { good: 'bob CODES', is: 'an object', ...WRONG_CODES },
  'mfa disable': { good: 'alice --yes', is: 'an object', ...NOBODY, bad: 'nobody --yes' },
  'mfa get': { good: 'alice', is: 'an object', ...NOBODY },
  'mfa list': { good: '', is: 'an array', ...EXCESS },
  'ak create': { good: 'bob', is: 'an object', ...NOBODY },
  'ak list': { good: 'deployer', is: 'an array', ...NOBODY },
  'ak last-used': { good: 'deployer KEY', is: 'an object', ...NO_KEY },
  'ak disable': { good: 'deployer KEY', is: 'an object', ...NO_KEY },
  'ak enable': { good: 'deployer KEY', is: 'an object', ...NO_KEY },
  'ak delete': { good: 'deployer KEY --force --yes', is: 'an object', ...NO_KEY },
  'group create': { good: 'ops', is: 'an object', bad: 'STAFF', exit: 1, Code: 'EntityAlreadyExists.Group' },
  'group list': { good: '', is: 'an array', ...EXCESS },
  'group get': { good: 'staff', is: 'an object', ...NO_GROUP },
  'group edit': { good: 'staff --name crew', is: 'an object', ...NO_GROUP, bad: 'nobody --comments x' },
  'group add': { good: 'staff bob', is: 'an array', ...NO_GROUP, bad: 'nobody bob' },
  'group remove': { good: 'staff alice', is: 'an array', ...NO_GROUP, bad: 'nobody bob' },
  'group delete': {
    good: 'staff --cascade --yes',
    is: 'an array',
    bad: 'staff --yes',
    exit: 1,
    Code: 'DeleteConflict.Group.User',
  },
  'policy create': {
    good: 'Mine --document policy.json',
    is: 'an object',
    ...MALFORMED,
    bad: 'Mine --document users.csv',
  },
  'policy edit': { good: 'Own --document policy.json', is: 'an object', ...MALFORMED, bad: 'Own --document users.csv' },
  'policy versions': { good: 'Own', is: 'an array', ...NO_POLICY, bad: 'NoSuchPolicy' },
  'policy set-default': { good: 'Own v1', is: 'an object', ...NO_POLICY, bad: `${IOT} v1` },
  'policy delete': { good: 'Own --yes', is: 'an object', ...NO_POLICY, bad: 'NoSuchPolicy --yes' },
  'policy validate': { good: 'policy.json', is: 'an object', bad: 'none.json', exit: 3, Code: 'FileNotFound' },
  'policy simulate': {
    good: 'alice --action iot:QueryDevice',
    is: 'an array',
    ...NOBODY,
    bad: 'nobody --action iot:Pub',
  },
  'ak verify': {
    good: 'KEY --secret-stdin',
    is: 'an object',
    bad: 'LTAI --secret-stdin',
    exit: 4,
    Code: 'InvalidAccessKey',
  },
  'ak rotate': { good: 'deployer', is: 'an object', ...NOBODY },
  'ak rotation list': { good: '', is: 'an array', ...NOBODY },
  'ak rotation finish': { good: '', is: 'an array', ...NOBODY },
  'ak rotation rollback': { good: 'spinner --yes', is: 'an object', ...NOBODY, bad: 'nobody --yes' },
  'policy list': { good: 'iot', is: 'an array', bad: '--directory .', exit: 6, Code: 'DirectoryUnusable' },
  'policy get': { good: IOT, is: 'an object', ...NO_POLICY, bad: 'NoSuchPolicy' },
  'policy attach': { good: `${IOT} --user bob`, is: 'an array', ...NO_POLICY },
  'policy detach': { good: `${IOT} --user alice`, is: 'an array', ...NO_POLICY },
  logon: {
    good: 'dora@acme --password-file password',
    is: 'an object',
    bad: 'nobody@acme --password-file users.csv',
    exit: 4,
    Code: 'LogonRefused',
  },
  overview: { good: '', is: 'an object', ...EXCESS },
  report: { good: '', is: 'an array', ...EXCESS },
  'account alias': {
    good: 'example',
    is: 'an object',
    bad: 'No',
    exit: 1,
    Code: 'InvalidParameter.AccountAlias.Length',
  },
  'account settings get': { good: '', is: 'an object', ...EXCESS },
  'account settings set': {
    good: '--max-password-age 90',
    is: 'an object',
    bad: '--max-password-age 9999',
    exit: 1,
    Code: 'InvalidParameter.MaxPasswordAge.Range',
  },
  'directory path': { good: '', is: 'an object', ...EXCESS },
  'directory backup': { good: 'copy.json', is: 'an object', bad: 'none/copy.json', exit: 5, Code: 'SinkUnavailable' },
  'directory restore': {
    good: 'backup.json --yes',
    is: 'an object',
    bad: 'users.csv --yes',
    exit: 6,
    Code: 'DirectoryCorrupt',
  },
  'directory check': { good: '', is: 'an object', ...EXCESS },
};

const program = createProgram('0', () => Promise.reject(new Error('nothing is run here')), {});
const verbs = new Map((await leaves(program)).map((verb) => [nameOf(verb), verb]));
const furnished = new Home();
let key = '';
let secret = '';
let seed = '';

function codes(): string {
  const now = new Date();
  return `--code ${codeAt(seed, now)} --code ${codeAt(seed, now, 1)}`;
}

beforeAll(async () => {
  furnished.write('policy.json', '{"Version":"1","Statement":[{"Effect":"Allow","Action":"iot:Pub","Resource":"*"}]}');
  furnished.write('users.csv', 'UserName,Console\nerin,true\n');
  furnished.write('twice.csv', 'UserName\nerin\nErin\n');
  furnished.write('password', 'Correct-Horse-9');
  await furnished.json('account', 'alias', 'acme');
  const known = ['--console', '--password-file', 'password', '--password-reset', 'not-required'];
  await furnished.json('user', 'create', 'dora', ...known);
  await furnished.json('user', 'create', 'alice', '--console', '--policy', IOT);
  await furnished.json('login', 'set', 'alice', '--mfa', 'required');
  await furnished.json('user', 'create', 'bob');
  await furnished.json('group', 'create', 'staff');
  await furnished.json('group', 'add', 'staff', 'alice');
  await furnished.json('policy', 'create', 'Own', '--document', 'policy.json');
  await furnished.json('user', 'create', 'spinner', '--access-key');
  await furnished.json('ak', 'rotate', 'spinner');
  seed = (await furnished.json<{ Base32StringSeed: string }>('mfa', 'enable', 'bob', '--no-bind')).Base32StringSeed;
  await furnished.json('directory', 'backup', 'backup.json');
  const deployer = await furnished.json<CreatedUser>('user', 'create', 'deployer', '--access-key');
  key = deployer.AccessKey?.AccessKeyId ?? '';
  secret = deployer.AccessKey?.AccessKeySecret ?? '';
});

it('knows every verb of the program, and no other', () => {
  expect(Object.keys(CALLS).sort()).toEqual([...verbs.keys()].sort());
});

describe.concurrent.each(Object.entries(CALLS))('%s', (name, { good, is, bad, exit, Code }) => {
  const words = (text: string) => [...name.split(' '), ...splitWords(text.replace('KEY', key).replace('CODES', codes))];

  it('prints one JSON document when it works', async () => {
    const input = /secret-stdin/.test(good) ? secret : undefined;
    const { code, out, err } = await furnished.copy().ramctl([...words(good), '-o', 'json'], input ? { input } : {});
    expect([code, err]).toEqual([0, expect.not.stringContaining('error')]);
    expect(Array.isArray(JSON.parse(out)) ? 'an array' : `an ${typeof JSON.parse(out)}`).toBe(is);
  });

  it('prints one JSON object on stderr, and nothing else, when it does not', async () => {
    const home = furnished.copy();
    const failed = await home.ramctl(['-o', 'json', ...words(bad)]);
    expect([failed.code, failed.out, parseError(failed).Code]).toEqual([exit, '', Code]);
    expect(home.read('ramctl/directory.json')).toBe(furnished.read('ramctl/directory.json'));
  });

  it('does so when the command line is wrong', async () => {
    const verb = verbs.get(name);
    const isNeeded = verb?.registeredArguments[0]?.required || /create|edit|set$/.test(name);
    const wrong = [[...words(good), '--nope'], [...words(good), '--query', '['], ...(isNeeded ? [words('')] : [])];
    for (const line of wrong) {
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
])('writes an error object for: ramctl %s', async (line) => {
  const failed = await furnished.ramctl(splitWords(line));
  expect([failed.code, failed.out, parseError(failed).Code]).toEqual([2, '', 'Usage']);
});

it('takes a query that does not suit the result for a usage error', async () => {
  const failed = await furnished.ramctl(['user', 'get', 'alice', '--query', 'abs(UserName)', '-o', 'json']);
  expect([failed.code, failed.out, parseError(failed).Code]).toEqual([2, '', 'Usage']);
});

it('finds that out before anything is written', async () => {
  const home = furnished.copy();
  const { code } = await home.ramctl(['user', 'edit', 'alice', '--comments', 'x', '--query', 'abs(UserName)']);
  expect(code).toBe(2);
  expect(home.read('ramctl/directory.json')).toBe(furnished.read('ramctl/directory.json'));
});

/** The commands that have no commands below them, `help` aside. */
async function leaves(command: RamctlCommand): Promise<RamctlCommand[]> {
  if (command.name() in NOUNS) await declareVerbs(command);
  const below = (command.commands as RamctlCommand[]).filter(
    (child) => !['help', 'completion', 'serve'].includes(child.name()),
  );
  return below.length === 0 ? [command] : (await Promise.all(below.map(leaves))).flat();
}

/** `user create` */
function nameOf(command: RamctlCommand): string {
  const noun = command.parent as RamctlCommand | null;
  return noun?.parent ? `${nameOf(noun)} ${command.name()}` : command.name();
}
