import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { editDirectoryFile } from '../support/edit-directory-file.ts';
import { readHashingRecord, recordHashing } from '../support/hashing-record.ts';
import { Home, parseError } from '../support/process.ts';
import { CTRL_C, ENTER, SUPPORTS_TERMINALS, TerminalSession } from '../support/terminal-session.ts';

const MIB = 1024 * 1024;
/** The memory limit of a process. A process without work takes 50 MB. */
const MAX_MEGABYTES = 400;
const DEPTH = 100_000;
const nested = (open: string, close: string) => open.repeat(DEPTH) + close.repeat(DEPTH);
/** A YAML document whose aliases expand to 9 to the power of 12 items. */
const YAML_BOMB = Array.from('abcdefghijkl', (letter, at) => {
  const list = Array(9).fill(at === 0 ? 'x' : `*${'abcdefghijkl'[at - 1]}`);
  return `- &${letter} [${list.join()}]\n`;
});
/** A query whose result doubles 40 times. */
const EXPONENTIAL_QUERY = `@${' | [@,@]'.repeat(40)}`;
const ENDLESS = '/dev/zero';

/** A home with the user alice, and a copy that also contains hostile files. */
const cleanHome = new Home();
const hostileHome = new Home();
beforeAll(async () => {
  await cleanHome.json('user', 'create', 'alice', '--access-key');
  cpSync(cleanHome.folder, hostileHome.folder, { recursive: true });
  hostileHome.write('large.json', `{"Version":"1","Statement":[{"Effect":"${'x'.repeat(10 * MIB)}"}]}`);
  hostileHome.write('long.json', `{"Version":"1","Statement":[]}${' '.repeat(6144)}`);
  hostileHome.write('deep.json', nested('[', ']'));
  hostileHome.write('objects.json', nested('{"a":', '}').replace(':}', ':1}'));
  hostileHome.write('deep.yaml', nested('[', ']'));
  hostileHome.write('bomb.yaml', YAML_BOMB.join(''));
  hostileHome.write('numbers.json', `[{"UserName":1e999,"Comments":${'9'.repeat(MIB)}}]`);
  hostileHome.write('config.json', `{"profiles":[],"x":${nested('[', ']')}}`);
  spawnSync('mkfifo', [`${hostileHome.folder}/pipe`]);
});

describe.concurrent('an input', () => {
  const CREATE = ['user', 'create', 'bob', '--console', '--password-file'];
  const POLICY = ['policy', 'create', 'Own', '--document'];
  const IMPORT = ['user', 'import'];
  const KEY = ['ak', 'create', 'alice', '--secret-to', 'aliyun:x', '--config-path'];
  it.each<[string, string, code: number, args: string[], environment?: Record<string, string>]>([
    ['an endless password file', 'InputTooLarge', 1, [...CREATE, ENDLESS]],
    ['an endless policy document', 'InputTooLarge', 1, [...POLICY, ENDLESS]],
    ['an endless key file', 'KeyFileInvalid', 6, ['user', 'list'], { RAMCTL_KEY_FILE: ENDLESS }],
    ['an endless config.json', 'SinkUnavailable', 5, [...KEY, ENDLESS]],
    ['a large document', 'InvalidParameter.PolicyDocument.Length', 1, [...POLICY, 'large.json']],
    ['a long document', 'InvalidParameter.PolicyDocument.Length', 1, [...POLICY, 'long.json']],
    ['a deeply nested document', 'InvalidParameter.PolicyDocument.Length', 1, [...POLICY, 'deep.json']],
    ['deeply nested lists of users', 'MalformedFile', 1, [...IMPORT, 'deep.json']],
    ['deeply nested users', 'MalformedFile', 1, [...IMPORT, 'objects.json']],
    ['deeply nested YAML', 'MalformedFile', 1, [...IMPORT, 'deep.yaml']],
    ['YAML whose aliases multiply', 'MalformedFile', 1, [...IMPORT, 'bomb.yaml']],
    ['huge numbers', 'InvalidRows', 1, [...IMPORT, 'numbers.json']],
    ['a deeply nested config.json', 'SinkUnusable', 5, [...KEY, 'config.json']],
    ['a deeply nested directory file', 'DirectoryForeign', 6, ['user', 'list', '-d', 'deep.json']],
    ['a query with an exponential result', 'Usage', 2, ['user', 'list', '--query', EXPONENTIAL_QUERY]],
    ['a deeply nested query', 'Usage', 2, ['user', 'list', '--query', '('.repeat(DEPTH)]],
  ])('is refused with little memory: %s, error %s', async (name, Code, code, args, environment = {}) => {
    const recordName = `${name}.json`;
    const failed = await hostileHome.ramctl([...args, '-o', 'json'], {
      before: recordHashing(hostileHome, recordName),
      environment,
      limit: 30_000,
    });
    expect([failed.code, failed.out, parseError(failed).Code]).toEqual([code, '', Code]);
    expect(readHashingRecord(hostileHome, recordName).megabytes).toBeLessThan(MAX_MEGABYTES);
  });

  it('of more than 64 MiB on stdin is refused', async () => {
    const failed = await hostileHome.ramctl(['user', 'import', '-', '-o', 'json'], {
      input: 'UserName\n'.repeat((65 * MIB) / 9),
      before: recordHashing(hostileHome, 'stdin.json'),
    });
    expect([failed.code, parseError(failed).Code]).toEqual([1, 'InputTooLarge']);
    expect(readHashingRecord(hostileHome, 'stdin.json').megabytes).toBeLessThan(MAX_MEGABYTES);
  });
});

describe.concurrent('a named pipe', () => {
  /** Code that sends SIGTERM to the process 400 ms after its handler is registered. */
  const SEND_SIGTERM = `process.on('newListener', (name) => {
    if (name === 'SIGTERM') setTimeout(() => process.kill(process.pid, 'SIGTERM'), 400);
  });`;

  it('without a writer does not keep a command from ending on SIGTERM', async () => {
    for (const args of [
      ['policy', 'validate', 'pipe'],
      ['user', 'create', 'bob', '--console', '--password-file', 'pipe'],
    ]) {
      const { code, err } = await hostileHome.ramctl(args, { before: SEND_SIGTERM, limit: 10_000 });
      expect([args, code, err]).toEqual([args, 143, 'error: interrupted; nothing was written\n']);
    }
  });

  it('in the place of a key file, a config.json or an output file is refused at once', async () => {
    const [keyFile, githubStep] = [{ RAMCTL_KEY_FILE: 'pipe' }, { GITHUB_ACTIONS: 'true', GITHUB_OUTPUT: 'pipe' }];
    const create = ['ak', 'create', 'alice', '--secret-to'];
    const refusals = [
      hostileHome.ramctl(['user', 'list'], { environment: keyFile, limit: 10_000 }),
      hostileHome.ramctl([...create, 'aliyun:x', '--config-path', 'pipe'], { limit: 10_000 }),
      hostileHome.ramctl([...create, 'github'], { environment: githubStep, limit: 10_000 }),
    ];
    expect((await Promise.all(refusals)).map(({ code }) => code)).toEqual([6, 5, 2]);
  });

  it('can contain the key or a password', async () => {
    const home = cleanHome.copy();
    const script = `mv ramctl/directory.key key
      cat key | RAMCTL_KEY_FILE=/dev/stdin ramctl user list --query '[].UserName' &&
      echo Correct-Horse-9 | RAMCTL_KEY_FILE=key ramctl user create bob --console --password-file /dev/stdin --query UserName`;
    expect(await home.sh(script)).toMatchObject({ code: 0, out: 'alice\nbob\n' });
  });
});

describe('a path with control characters', () => {
  it('is printed without them', async () => {
    const name = 'x\u001b[2J\u202e.json';
    hostileHome.write(name, 'no directory');
    for (const args of [
      ['user', 'list'],
      ['directory', 'path'],
      ['directory', 'check'],
      ['policy', 'validate', name],
    ]) {
      const { out, err } = await hostileHome.run([...args, '-d', name]);
      expect([out + err, args]).toEqual([expect.not.stringMatching(/[\u001b\u202e]/), args]);
    }
  });
});

describe.skipIf(!SUPPORTS_TERMINALS)('at a terminal', () => {
  it('questions show values of the directory without control characters', async () => {
    const home = cleanHome.copy();
    await home.json('group', 'create', 'ops');
    editDirectoryFile(home, ({ Users, Groups }) => {
      Object.assign(Users.get('alice') ?? {}, { DisplayName: 'Al\u001b[2Jice\u202e', Comments: 'a\u009b31mb' });
      Object.assign(Groups.get('ops') ?? {}, { Comments: 'o\u001b]0;x\u0007ps' });
    });
    const sessions = [
      {
        args: ['user', 'edit', 'alice'],
        script: [
          ['User name', ENTER],
          ['Display name Al[2Jice', ENTER],
          ['Comments a31mb', CTRL_C],
        ],
      },
      { args: ['login', 'set'], script: [['Al[2Jice', CTRL_C]] },
      {
        args: ['group', 'edit', 'ops'],
        script: [
          ['Group name', ENTER],
          ['o]0;xps', CTRL_C],
        ],
      },
    ];
    for (const { args, script } of sessions) {
      const screen = new TerminalSession(home, args);
      await screen.answer(...(script as [string, string][]));
      expect([await screen.waitForExit(), screen.shown]).toEqual([
        130,
        expect.not.stringMatching(/\u001b\[2J|\u001b\]0|\u009b|\u202e/),
      ]);
    }
  });
});

it('leaves no files in the home of these tests', () => {
  expect(hostileHome.files()).toEqual(['directory.history.jsonl', 'directory.json', 'directory.key']);
  expect(readdirSync(hostileHome.folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});
