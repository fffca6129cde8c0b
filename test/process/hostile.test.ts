import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { editDirectoryFile } from '../support/edit-directory-file.ts';
import { readHashingRecord, recordHashing } from '../support/hashing-record.ts';
import { Home, parseError } from '../support/process.ts';
import { CTRL_C, ENTER, SUPPORTS_TERMINALS, TerminalSession } from '../support/terminal-session.ts';

const MIB = 1024 * 1024;
/** The most that a process may take; one that does nothing takes 50. */
const MEGABYTES = 400;
const DEEP = 100_000;
const nested = (open: string, close: string) => open.repeat(DEEP) + close.repeat(DEEP);
/** A list of nine, and so on: 9 to the power of 12. */
const BOMB = Array.from('abcdefghijkl', (letter, at) => {
  const list = Array(9).fill(at === 0 ? 'x' : `*${'abcdefghijkl'[at - 1]}`);
  return `- &${letter} [${list.join()}]\n`;
});
const DOUBLED = `@${' | [@,@]'.repeat(40)}`;
const ENDLESS = '/dev/zero';

/** alice and her AccessKey, and the same among files to stumble over. */
const quiet = new Home();
const furnished = new Home();
beforeAll(async () => {
  await quiet.json('user', 'create', 'alice', '--access-key');
  cpSync(quiet.folder, furnished.folder, { recursive: true });
  furnished.write('large.json', `{"Version":"1","Statement":[{"Effect":"${'x'.repeat(10 * MIB)}"}]}`);
  furnished.write('long.json', `{"Version":"1","Statement":[]}${' '.repeat(6144)}`);
  furnished.write('deep.json', nested('[', ']'));
  furnished.write('objects.json', nested('{"a":', '}').replace(':}', ':1}'));
  furnished.write('deep.yaml', nested('[', ']'));
  furnished.write('bomb.yaml', BOMB.join(''));
  furnished.write('numbers.json', `[{"UserName":1e999,"Comments":${'9'.repeat(MIB)}}]`);
  furnished.write('config.json', `{"profiles":[],"x":${nested('[', ']')}}`);
  spawnSync('mkfifo', [`${furnished.folder}/pipe`]);
});

describe.concurrent('an input that is', () => {
  const CREATE = ['user', 'create', 'bob', '--console', '--password-file'];
  const POLICY = ['policy', 'create', 'Own', '--document'];
  const IMPORT = ['user', 'import'];
  const KEY = ['ak', 'create', 'alice', '--secret-to', 'aliyun:x', '--config-path'];
  it.each<[string, string, code: number, words: string[], environment?: Record<string, string>]>([
    ['a password without an end', 'InputTooLarge', 1, [...CREATE, ENDLESS]],
    ['a document without an end', 'InputTooLarge', 1, [...POLICY, ENDLESS]],
    ['a key without an end', 'KeyFileInvalid', 6, ['user', 'list'], { RAMCTL_KEY_FILE: ENDLESS }],
    ['a config.json without an end', 'SinkUnavailable', 5, [...KEY, ENDLESS]],
    ['a large document', 'InvalidParameter.PolicyDocument.Length', 1, [...POLICY, 'large.json']],
    ['a long document', 'InvalidParameter.PolicyDocument.Length', 1, [...POLICY, 'long.json']],
    ['a document that nests', 'InvalidParameter.PolicyDocument.Length', 1, [...POLICY, 'deep.json']],
    ['lists of users that nest', 'MalformedFile', 1, [...IMPORT, 'deep.json']],
    ['users that nest', 'MalformedFile', 1, [...IMPORT, 'objects.json']],
    ['YAML that nests', 'MalformedFile', 1, [...IMPORT, 'deep.yaml']],
    ['YAML that multiplies', 'MalformedFile', 1, [...IMPORT, 'bomb.yaml']],
    ['huge numbers', 'InvalidRows', 1, [...IMPORT, 'numbers.json']],
    ['a config.json that nests', 'SinkUnusable', 5, [...KEY, 'config.json']],
    ['a directory that nests', 'DirectoryForeign', 6, ['user', 'list', '-d', 'deep.json']],
    ['a query that multiplies', 'Usage', 2, ['user', 'list', '--query', DOUBLED]],
    ['a query that nests', 'Usage', 2, ['user', 'list', '--query', '('.repeat(DEEP)]],
  ])('%s is refused in little memory: %s', async (what, Code, code, words, environment = {}) => {
    const seen = `${what}.json`;
    const failed = await furnished.ramctl([...words, '-o', 'json'], {
      before: recordHashing(furnished, seen),
      environment,
      limit: 30_000,
    });
    expect([failed.code, failed.out, parseError(failed).Code]).toEqual([code, '', Code]);
    expect(readHashingRecord(furnished, seen).megabytes).toBeLessThan(MEGABYTES);
  });

  it('longer than 64 MiB on stdin is refused before it is all there', async () => {
    const failed = await furnished.ramctl(['user', 'import', '-', '-o', 'json'], {
      input: 'UserName\n'.repeat((65 * MIB) / 9),
      before: recordHashing(furnished, 'stdin.json'),
    });
    expect([failed.code, parseError(failed).Code]).toEqual([1, 'InputTooLarge']);
    expect(readHashingRecord(furnished, 'stdin.json').megabytes).toBeLessThan(MEGABYTES);
  });
});

describe.concurrent('a pipe', () => {
  /** SIGTERM, a while after the program says what to do then. */
  const TERMINATED = `process.on('newListener', (name) => {
    if (name === 'SIGTERM') setTimeout(() => process.kill(process.pid, 'SIGTERM'), 400);
  });`;

  it('that nobody writes to can be left', async () => {
    for (const words of [
      ['policy', 'validate', 'pipe'],
      ['user', 'create', 'bob', '--console', '--password-file', 'pipe'],
    ]) {
      const { code, err } = await furnished.ramctl(words, { before: TERMINATED, limit: 10_000 });
      expect([words, code, err]).toEqual([words, 143, 'error: interrupted; nothing was written\n']);
    }
  });

  it('in the place of a key, a profile or outputs is refused at once', async () => {
    const [keyFile, job] = [{ RAMCTL_KEY_FILE: 'pipe' }, { GITHUB_ACTIONS: 'true', GITHUB_OUTPUT: 'pipe' }];
    const create = ['ak', 'create', 'alice', '--secret-to'];
    const refusals = [
      furnished.ramctl(['user', 'list'], { environment: keyFile, limit: 10_000 }),
      furnished.ramctl([...create, 'aliyun:x', '--config-path', 'pipe'], { limit: 10_000 }),
      furnished.ramctl([...create, 'github'], { environment: job, limit: 10_000 }),
    ];
    expect((await Promise.all(refusals)).map(({ code }) => code)).toEqual([6, 5, 2]);
  });

  it('brings a key, a password and a document', async () => {
    const home = quiet.copy();
    const script = `mv ramctl/directory.key key
      cat key | RAMCTL_KEY_FILE=/dev/stdin ramctl user list --query '[].UserName' &&
      echo Correct-Horse-9 | RAMCTL_KEY_FILE=key ramctl user create bob --console --password-file /dev/stdin --query UserName`;
    expect(await home.sh(script)).toMatchObject({ code: 0, out: 'alice\nbob\n' });
  });
});

describe('a path with what steers a terminal', () => {
  it('is shown without it', async () => {
    const name = 'x\u001b[2J\u202e.json';
    furnished.write(name, 'no directory');
    for (const words of [
      ['user', 'list'],
      ['directory', 'path'],
      ['directory', 'check'],
      ['policy', 'validate', name],
    ]) {
      const { out, err } = await furnished.ramctl([...words, '-d', name]);
      expect([out + err, words]).toEqual([expect.not.stringMatching(/[\u001b\u202e]/), words]);
    }
  });
});

describe.skipIf(!SUPPORTS_TERMINALS)('at a terminal', () => {
  it('what came into the directory some other way is asked about without what steers a terminal', async () => {
    const home = quiet.copy();
    await home.json('group', 'create', 'ops');
    editDirectoryFile(home, ({ Users, Groups }) => {
      Object.assign(Users.get('alice') ?? {}, { DisplayName: 'Al\u001b[2Jice\u202e', Comments: 'a\u009b31mb' });
      Object.assign(Groups.get('ops') ?? {}, { Comments: 'o\u001b]0;x\u0007ps' });
    });
    const screens = [
      {
        words: ['user', 'edit', 'alice'],
        script: [
          ['Logon name', ENTER],
          ['Display name Al[2Jice', ENTER],
          ['Comments a31mb', CTRL_C],
        ],
      },
      { words: ['login', 'set'], script: [['Al[2Jice', CTRL_C]] },
      {
        words: ['group', 'edit', 'ops'],
        script: [
          ['Group name', ENTER],
          ['o]0;xps', CTRL_C],
        ],
      },
    ];
    for (const { words, script } of screens) {
      const screen = new TerminalSession(home, words);
      await screen.answer(...(script as [string, string][]));
      expect([await screen.waitForExit(), screen.shown]).toEqual([
        130,
        expect.not.stringMatching(/\u001b\[2J|\u001b\]0|\u009b|\u202e/),
      ]);
    }
  });
});

it('nothing of all this is left behind', () => {
  expect(furnished.files()).toEqual(['directory.json', 'directory.key']);
  expect(readdirSync(furnished.folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});
