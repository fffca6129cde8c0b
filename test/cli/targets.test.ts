import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Failure } from '../../src/core/failure.ts';
import type { CreatedUser } from '../../src/core/workflows/provision.ts';
import { TestWorld } from '../support/test-world.ts';
import { verbs } from '../support/verbs.ts';

const ENDPOINT = 'https://ram.example.com';
const policy = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"iot:*","Resource":"*"}]}';
const files = { 'policy.json': policy, 'users.csv': 'UserName,Console\ncarol,true\n' };

let world = new TestWorld();
beforeEach(async () => {
  world = await createSampleWorld();
});

async function createSampleWorld(): Promise<TestWorld> {
  const sample = new TestWorld();
  await sample.ramctl('account alias acme');
  await sample.ramctl('user create alice --console --access-key');
  await sample.ramctl('user create bob');
  await sample.ramctl('group create staff');
  await sample.ramctl('role create auditor');
  await sample.ramctl('policy create Own --document policy.json', { files });
  sample.opened.length = 0;
  return sample;
}

/** Verbs that open no directory, or those that their arguments name. */
const OWN_TARGETS = ['completion', 'directory copy'];

/** Values for the arguments of verbs. `<name>` is the name of a record of the noun. */
const ARGUMENTS: Record<string, string> = {
  'user name': 'alice',
  'group name': 'staff',
  'role name': 'auditor',
  'policy name': 'Own',
  user: 'alice',
  group: 'staff',
  policy: 'Own',
  version: 'v1',
  file: 'users.csv',
  'user-principal-name': 'alice@acme',
};

/** Returns a command line of a verb with all its arguments and with the options that it requires. */
function buildLine(name: string, verb: (typeof verbs)[number][1]): string[] {
  const [noun] = name.split(' ');
  const args = verb.registeredArguments.map(
    (argument) => ARGUMENTS[`${noun} ${argument.name()}`] ?? ARGUMENTS[argument.name()] ?? 'other',
  );
  const options = verb.options
    .filter(({ mandatory }) => mandatory)
    .map(({ long, flags }) => `${long}=${flags.includes('<file>') ? 'policy.json' : 'iot:Pub'}`);
  return [...name.split(' '), ...args, ...options, '--yes'];
}

/** The verbs that `help directories` names as those that need a file. */
let table: string[] = [];
beforeAll(async () => {
  table = await readTable();
});

async function readTable(): Promise<string[]> {
  const { out } = await world.ramctl('help directories');
  const [, text = ''] = /what to use for accounts and servers:\n([\s\S]*?)\n\n/.exec(out) ?? [];
  return Array.from(text.matchAll(/^ {2}(\w.*?) {2,}\S/gm), ([, name = '']) => name);
}

describe.each([ENDPOINT, 'aliyun:prod'])('-d %s', (target) => {
  it.each(verbs.filter(([name]) => !OWN_TARGETS.includes(name)))(
    'runs the verb, or the verb is in the table of help directories: %s',
    async (name, verb) => {
      const result = await world.ramctl(['-o', 'json', '-d', target, ...buildLine(name, verb)], { files });
      if (!table.includes(name)) {
        expect([world.opened, result.err]).toEqual([
          [target],
          expect.not.stringMatching(/"Code":"(Bug|NotSupported)"/),
        ]);
        return;
      }
      expect([world.opened, result.code, result.error.Code]).toEqual([[], 1, 'NotSupported']);
      expect(result.error.Message).toContain(name);
      expect(result.error.Message).toContain(target);
      expect(result.error.Hint).toMatch(/\w/);
    },
  );
});

it('a verb that needs a file names the command that does the same for the target', async () => {
  const hintFor = async (line: string) => (await world.ramctl(`-o json ${line}`)).error.Hint;
  expect(await hintFor('-d aliyun:prod directory backup b.json')).toBe(
    'ramctl -d backup.json init && ramctl directory copy aliyun:prod backup.json',
  );
  expect(await hintFor(`-d ${ENDPOINT} directory restore b.json`)).toBe(
    `ramctl directory copy backup.json ${ENDPOINT}`,
  );
  expect(await hintFor('-d aliyun: logon alice@acme')).toContain('"ramctl -d aliyun: overview --query LogonUrl"');
  const { error } = await world.ramctl('-o json init', { environment: { directory: 'aliyun:' } });
  expect(error.Code).toBe('NotSupported');
});

it('directory path and overview name the target', async () => {
  expect((await world.ramctl(`-d ${ENDPOINT} directory path`)).out).toBe(`${ENDPOINT}\n`);
  expect((await world.ramctl('-d aliyun:prod directory path -o json')).json).toEqual({
    Path: null,
    KeyFile: null,
    Directory: 'aliyun:prod',
    Target: 'cloud',
  });
  expect((await world.ramctl('directory path -o json')).json).toEqual({
    Path: '/memory/directory.json',
    KeyFile: '/memory/directory.key',
    Directory: '/memory/directory.json',
    Target: 'local',
  });
  const { json, out } = await world.ramctl(`-d ${ENDPOINT} overview -o json`);
  expect(json).toMatchObject({ Directory: ENDPOINT, Target: 'endpoint', AccountAlias: 'acme' });
  expect(out).not.toContain('machine');
  expect((await world.ramctl('-d aliyun: overview')).out).toMatch(/^Target +cloud; an Alibaba Cloud account$/m);
});

it('a logon URL has a note for a file only', async () => {
  const note = 'belongs to the real account of that alias';
  for (const line of ['overview', 'account alias', 'login get alice', 'user create carol --console']) {
    const { out } = await world.ramctl(`-d aliyun: ${line}`);
    expect(out).toContain('https://signin');
    expect(out).not.toContain(note);
  }
  expect((await world.ramctl('login get alice')).out).toContain(note);
});

it('secrets, images and files for an import are written without a local directory', async () => {
  const options = `-d ${ENDPOINT} --secret-to file:bob`;
  expect((await world.ramctl(`ak create bob ${options}.env`)).code).toBe(0);
  expect((await world.ramctl(`login set bob --generate-password ${options}.csv`)).code).toBe(0);
  expect((await world.ramctl(`mfa enable bob --no-bind --qr file:bob.png ${options}.json`)).code).toBe(0);
  expect((await world.ramctl(`user import users.csv ${options}-{user}.json`, { files })).code).toBe(0);
  expect([...world.delivered.keys()]).toEqual(['bob.env', 'bob.csv', 'bob.json', 'bob-carol.json']);
  expect([...world.images.keys()]).toEqual(['bob.png']);
});

describe('before the first question on an account', () => {
  const accountLine = async () => `Account: acme, ${(await world.state()).Account.AccountId} (aliyun:prod)\n`;

  it('a confirmation shows the alias and the id', async () => {
    const answers = [['Type alice to confirm', 'alice']] as [string, unknown][];
    const { code, err } = await world.ramctl('-d aliyun:prod user delete alice --cascade', { answers });
    expect([code, err.indexOf(await accountLine())]).toEqual([0, 0]);
  });

  it('a wizard shows them once', async () => {
    const seen: string[] = [];
    const remember = (err: string) => {
      seen.push(err);
      return '=';
    };
    const questions = ['User name', 'Display name', 'Comments', 'Email', 'Mobile'];
    const answers = questions.map((question): [string, unknown] => [question, remember]);
    expect((await world.ramctl('-d aliyun:prod user edit alice', { answers })).code).toBe(0);
    expect(seen).toEqual(questions.map(() => expect.stringMatching(/^Account: /)));
    expect(seen.at(-1)).toBe(await accountLine());
  });

  it('the id is enough if the alias may not be read, and --yes and files need neither', async () => {
    world.directory.getAccountAlias = () => Promise.reject(new Failure('denied', 'NoPermission', 'not allowed'));
    const { AccountId } = (await world.state()).Account;
    const answers = () => ({ answers: [['Delete the console logon', true]] as [string, unknown][] });
    const confirmed = await world.ramctl('-d aliyun: login delete alice', answers());
    expect([confirmed.code, confirmed.err]).toEqual([0, expect.stringContaining(`Account: ${AccountId} (aliyun:)`)]);
    const { AccessKeys } = (await world.ramctl('user get alice -o json')).json as CreatedUser;
    world.directory.getCallerIdentity = () => Promise.reject(new Error('not needed'));
    const key = AccessKeys[0]?.AccessKeyId ?? '';
    expect((await world.ramctl(`-d aliyun: ak delete alice ${key} --force --yes`)).code).toBe(0);
    const local = await world.ramctl('group delete staff', { answers: [['Delete', true]] });
    expect([local.code, local.err]).toEqual([0, expect.not.stringContaining('Account:')]);
  });
});

it.each(['user list', 'user lst', 'user list --nope', 'init', 'user delete alice', 'user create al!ce'])(
  'a URL with credentials is refused and not repeated: %s',
  async (line) => {
    for (const url of ['https://admin:hunter22@ram.example.com', 'HTTP://hunter22@127.0.0.1:1']) {
      const result = await world.ramctl(['-d', url, ...line.split(' ')]);
      expect([result.code, world.opened, `${result.out}${result.err}`.includes('hunter22')]).toEqual([2, [], false]);
    }
  },
);

it('Tab completes no names of a remote directory, so that it sends no requests', async () => {
  for (const line of ['-d aliyun: user get ', `--directory=${ENDPOINT} ak delete alice `]) {
    const { code, out, err } = await world.ramctl(['complete', '--', ...line.split(' ')]);
    expect([code, out, err]).toEqual([0, '', '']);
  }
  expect(world.opened).toEqual([]);
});

it('errors have the id of the request', async () => {
  const failure = new Failure('denied', 'NoPermission', 'not allowed', { RequestId: '6A1B-TEST' });
  world.directory.reading = () => Promise.reject(failure);
  expect((await world.ramctl('-d aliyun: user list')).err).toBe('error: not allowed\n  RequestId: 6A1B-TEST\n');
  const { code, error } = await world.ramctl('-d aliyun: user list -o json');
  expect([code, error]).toEqual([4, { Code: 'NoPermission', Message: 'not allowed', RequestId: '6A1B-TEST' }]);
});
