import { beforeAll, describe, expect, it } from 'vitest';
import { Home, parseError } from '../support/process.ts';

const sampleHome = new Home();
beforeAll(async () => {
  await sampleHome.json('user', 'create', 'alice');
});

describe.concurrent('arguments', () => {
  const emoji = '\u{1f511}';
  const carol = ['user', 'create', 'carol'];
  it.each<[Code: string, code: number, args: string[]]>([
    ['InvalidParameter.UserName.Length', 1, ['user', 'create', '']],
    ['InvalidParameter.UserName.Length', 1, ['user', 'create', 'a'.repeat(65)]],
    ['InvalidParameter.UserName.Length', 1, ['user', 'get', '']],
    ['InvalidParameter.UserName.InvalidChars', 1, ['user', 'create', 'a b']],
    ['InvalidParameter.UserName.InvalidChars', 1, ['user', 'create', 'alice\u001b[2J']],
    ['InvalidParameter.UserName.InvalidChars', 1, ['user', 'create', '../alice']],
    ['InvalidParameter.DisplayName.Length', 1, [...carol, '--display-name', '']],
    ['InvalidParameter.DisplayName.InvalidChars', 1, [...carol, '--display-name', 'x\u001b[31m']],
    ['InvalidParameter.DisplayName.InvalidChars', 1, [...carol, '--display-name', 'x\u202ey']],
    ['InvalidParameter.Comments.InvalidChars', 1, [...carol, '--comments', 'two\nlines']],
    ['InvalidParameter.Comments.Length', 1, [...carol, '--comments', emoji.repeat(129)]],
    ['InvalidParameter.PolicyName.Length', 1, [...carol, '--policy', '']],
    ['FileNotFound', 3, [...carol, '--console', '--password-file', 'none.txt']],
    ['NotAFile', 1, [...carol, '--console', '--password-file', '.']],
    ['EntityNotExist.User', 3, ['user', 'get', 'constructor']],
    ['EntityNotExist.User', 3, ['user', 'get', '__proto__']],
    ['EntityNotExist.Policy', 3, ['policy', 'get', 'constructor']],
    ['EntityNotExist.Policy', 3, ['policy', 'attach', 'toString', '--user', 'alice']],
    ['Usage', 2, ['user', 'list', '--sort-by', 'constructor']],
    ['Usage', 2, ['constructor']],
    ['Usage', 2, ['user', '__proto__']],
    ['Usage', 2, ['help', 'toString']],
  ])('are refused with error %s and exit code %i', async (Code, code, args) => {
    const failed = await sampleHome.copy().run(['-o', 'json', ...args]);
    expect([args, failed.code, failed.out, parseError(failed).Code]).toEqual([args, code, '', Code]);
    expect(failed.err).not.toMatch(/[\u001b\u202e]/);
  });

  it('that are names of JavaScript properties work as user names', async () => {
    const home = new Home();
    const names = ['__proto__', 'constructor', 'hasOwnProperty', 'a'.repeat(64)];
    for (const name of names) {
      await home.json('user', 'create', name, '--comments', emoji.repeat(128), '--policy', 'AdministratorAccess');
      expect(await home.json('user', 'get', name)).toMatchObject({ UserName: name, Comments: emoji.repeat(128) });
    }
    expect((await home.json<unknown[]>('user', 'list', '--policy', 'AdministratorAccess')).length).toBe(names.length);
    expect(await home.json('directory', 'check')).toMatchObject({ Whole: true });
    await home.json('user', 'delete', ...names, '--cascade', '--yes');
    expect(await home.json('user', 'list')).toEqual([]);
  });
});
