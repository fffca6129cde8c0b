import { beforeAll, describe, expect, it } from 'vitest';
import { TestWorld } from '../support/test-world.ts';

const world = new TestWorld();

beforeAll(async () => {
  await world.ramctl('user create alice --console --access-key');
});

describe('A failing command', () => {
  it.each(['-todo list', '-to', '-add me'])('reads its global options next to the option value %j', async (value) => {
    const failed = await world.ramctl(['-d', 'd.json', 'user', 'edit', 'zed', '-o', 'json', '--comments', value]);
    expect([failed.code, failed.error]).toMatchObject([3, { Code: 'EntityNotExist.User' }]);
    expect(failed.error.Hint).toMatch(/^ramctl -d d\.json /);
  });

  it.each([
    ['user get nobody', 3, 'EntityNotExist.User'],
    ['user get "a b"', 1, 'InvalidParameter.UserName.InvalidChars'],
    ['user create alice', 1, 'EntityAlreadyExists.User'],
    ['user delete alice --yes', 1, 'DeleteConflict.User.AccessKey'],
    ['login get nobody', 3, 'EntityNotExist.User'],
    ['ak disable alice LTAIx', 3, 'EntityNotExist.User.AccessKey'],
    ['policy get Nope', 3, 'EntityNotExist.Policy'],
    ['user delete alice --cascade', 2, 'Usage'],
    ['user create bob --console --password-stdin --password-reset required', 1, 'InvalidParameter.Password.TooWeak'],
    ['', 2, 'Usage'],
    ['user', 2, 'Usage'],
    ['shoe', 2, 'Usage'],
    ['constructor', 2, 'Usage'],
    ['user shoe', 2, 'Usage'],
    ['user get', 2, 'Usage'],
    ['user get alice bob', 2, 'Usage'],
    ['user get alice --shoe', 2, 'Usage'],
    ['user list --limit', 2, 'Usage'],
    ['user get alice --color pink', 2, 'Usage'],
    ['user get alice --query [', 2, 'Usage'],
    ['user get alice --query ""', 2, 'Usage'],
    ['help shoe', 2, 'Usage'],
  ])('writes one JSON object to stderr with -o json, otherwise an error and a hint: %s', async (line, exit, Code) => {
    const before = await world.state();
    const situation = { input: 'weak' };
    const asJson = await world.ramctl(`-o json ${line}`, situation);
    expect([asJson.code, asJson.out, asJson.error]).toEqual([exit, '', expect.objectContaining({ Code })]);
    expect(asJson.err).toBe(`${JSON.stringify(asJson.error)}\n`);
    expect(asJson.error.Message).toMatch(/\w/);
    const { code, out, err } = await world.ramctl(line, situation);
    const text = err.replace(/^remark: .*\n/, '');
    expect([code, out, text]).toEqual([
      exit,
      '',
      expect.stringMatching(/^error: [^\n]+\n( {2}[^\n]+\n)*(hint: [^\n]+\n)?$/),
    ]);
    expect(await world.state()).toEqual(before);
  });

  it.each([
    '--output=json user get nobody',
    'user get nobody -ojson',
    'user get nobody -qo json',
    'user get nobody -o json --debug',
    'user get nobody -o table -o json',
    'user -o json shoe',
  ])('writes JSON for %s', async (line) => expect((await world.ramctl(line)).error).toHaveProperty('Code'));

  it('writes JSON if RAMCTL_OUTPUT is json, unless the command line has another format', async () => {
    const situation = { environment: { output: 'json' } };
    expect((await world.ramctl('user get nobody', situation)).error.Code).toBe('EntityNotExist.User');
    expect((await world.ramctl('user get nobody -o table', situation)).err).toMatch(/^error: /);
    expect((await world.ramctl('user list', { environment: { output: 'xml' } })).code).toBe(2);
  });

  it('writes the error and the hint in one line each, also for arguments with line breaks', async () => {
    const { err } = await world.ramctl(['ak', 'disable', 'alice', 'LTAI\nhint: rm -rf /']);
    expect(err.split('\n')).toEqual([expect.stringMatching(/^error: /), expect.stringMatching(/^hint: ramctl /), '']);
  });

  it.each(['foo(@)', 'sum(UserName)', 'UserName | [::0]', '['])(
    'exits with 2 and changes nothing for the query %s',
    async (query) => {
      const before = await world.state();
      for (const line of ['user get alice', 'user edit alice --comments x', 'login disable alice', 'ak create alice']) {
        expect((await world.ramctl([...line.split(' '), '--query', query])).code).toBe(2);
      }
      expect(await world.state()).toEqual(before);
    },
  );

  it('says that the change was made if the result cannot be written', async () => {
    const { code, error } = await world.ramctl('user edit alice --comments x -o json', { brokenOutput: 'ENOSPC' });
    expect([code, error.Message]).toEqual([5, expect.stringContaining('change was made')]);
  });

  it('does not repeat an argument that may be a secret', async () => {
    for (const line of ['--password hunter2', '--password=hunter2', 'hunter2']) {
      expect((await world.ramctl(`user create bob --console ${line}`)).err).not.toContain('hunter2');
    }
  });

  it('exits with 70 for a bug, and prints the stack trace with --debug', async () => {
    const broken = new TestWorld();
    broken.directory.getUser = () => Promise.reject(new Error('boom'));
    broken.directory.reading = () => Promise.reject(new Error('boom'));
    expect(await broken.ramctl('user get alice')).toMatchObject({ code: 70, err: expect.stringContaining('report') });
    expect((await broken.ramctl('user get alice --debug')).err).toMatch(/boom\n +at /);
  });

  it('adds the directory of the command line to the command in the hint', async () => {
    const { err } = await world.ramctl(['-d', '$&.json', 'user', 'delete', 'alice', '--yes']);
    expect(err).toContain("hint: ramctl -d '$&.json' user delete alice --cascade");
  });

  it('suggests a similar command', async () => {
    expect((await world.ramctl('user lst')).err).toContain('hint: ramctl user list');
    expect((await world.ramctl('account settings gt')).err).toContain('hint: ramctl account settings get');
    expect((await world.ramctl('access-key rotation lst')).err).toContain('hint: ramctl ak rotation list');
  });

  it.each([
    ['user shoe', 'ramctl help user'],
    ['account settings', 'ramctl help account settings'],
    ['-d user group get', 'ramctl help group get'],
    ['user list --sort-by Shoe', 'ramctl help user list'],
    ['report --shoe', 'ramctl help report'],
  ])('names the help of the command in the hint: %s', async (line, hint) => {
    expect((await world.ramctl(`${line} -o json`)).error.Hint).toBe(hint);
  });
});

describe('Global options', () => {
  const get = ['-o', 'json', '--query', 'UserName'];

  it('work at every position', async () => {
    for (const words of [
      [...get, 'user', 'get', 'alice'],
      ['user', ...get, 'get', 'alice'],
      ['user', 'get', ...get, 'alice'],
      ['user', 'get', 'alice', ...get],
      ['-o', 'json', 'user', '--query=UserName', 'get', 'alice', '-q'],
    ]) {
      expect(await world.ramctl(words)).toMatchObject({ code: 0, out: '"alice"\n', err: '' });
    }
  });

  it('override the environment, and the one closest to the verb overrides the others', async () => {
    const at = world.opened.length;
    const environment = { directory: 'env.json', output: 'yaml' };
    await world.ramctl('user list', { environment });
    await world.ramctl('-d root.json user list', { environment });
    await world.ramctl('-d root.json user --directory noun.json list -d verb.json', { environment });
    expect(world.opened.slice(at)).toEqual(['env.json', 'root.json', 'verb.json']);
    expect((await world.ramctl('user list --query [0].UserName', { environment })).out).toBe('alice\n');
    expect((await world.ramctl('user list --query [0].UserName -o json', { environment })).out).toBe('"alice"\n');
  });

  it('turn off remarks with --quiet, but not errors', async () => {
    expect((await world.ramctl('policy detach ReadOnlyAccess --user alice')).err).toMatch(/^remark/);
    expect((await world.ramctl('-q policy detach ReadOnlyAccess --user alice')).err).toBe('');
    expect((await world.ramctl('-q user get nobody')).err).toMatch(/^error/);
  });

  it('override the colours of the environment with --color', async () => {
    const environment = { color: 'always' as const };
    expect((await world.ramctl('user get alice', { environment })).out).toContain('\u001b[');
    expect((await world.ramctl('user get alice --color never', { environment })).out).not.toContain('\u001b[');
    expect((await world.ramctl('user get alice', { colours: 1 })).out).toContain('\u001b[');
    expect((await world.ramctl('user get alice --color never', { colours: 1 })).out).not.toContain('\u001b[');
    expect((await world.ramctl('user get alice --color always')).out).toContain('\u001b[');
    expect((await world.ramctl('user get alice --color always -o json')).out).not.toContain('\u001b[');
  });
});

describe('The value of an option', () => {
  it('must be joined with = if it starts with --', async () => {
    const { code, err } = await world.ramctl('user edit alice --comments --console');
    expect([code, err]).toEqual([2, expect.stringContaining('--comments=')]);
    const before = await world.state();
    expect((await world.ramctl('user edit alice --comments --')).code).toBe(2);
    expect((await world.ramctl('--directory --yes user list')).code).toBe(2);
    expect(await world.state()).toEqual(before);
    expect((await world.ramctl('user edit alice --comments=--console -o json')).json).toMatchObject({
      Comments: '--console',
    });
  });

  it('is not read as an option', async () => {
    const { json } = await world.ramctl('user edit alice --comments -y -o json');
    expect(json).toMatchObject({ Comments: '-y' });
    expect((await world.ramctl('user create dave --comments -d --console')).code).toBe(0);
    expect((await world.ramctl('user delete dave --cascade')).code).toBe(2);
  });
});

describe('Help and version', () => {
  it.each([
    ['--help', 'Administer RAM users'],
    ['help', 'Administer RAM users'],
    ['--version', '0.0.0-test'],
    ['user --help', 'create [options] [name]'],
    ['help ak', 'last-used'],
    ['user create --help', '--if-not-exists'],
    ['help access-key create', '--secret-to'],
    ['help exit-codes', '130'],
  ])('are printed to stdout without opening the directory: %s', async (line, text) => {
    const at = world.opened.length;
    expect(await world.ramctl(line)).toMatchObject({ code: 0, out: expect.stringContaining(text), err: '' });
    expect(world.opened).toHaveLength(at);
  });
});
