// A file system without hard links, such as exFAT: every hard link fails.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Home, parseError, withoutHardLinks } from '../support/process.ts';

const before = withoutHardLinks();

describe.concurrent('on a file system without hard links', () => {
  it.each(['init', 'user create bob'])('%s says what is wrong and creates nothing', async (line) => {
    const home = new Home();
    const failed = await home.ramctl([...line.split(' '), '-o', 'json'], { before });
    const { Code, Message, Hint } = parseError(failed);
    expect([failed.code, failed.out, Code]).toEqual([6, '', 'HardLinksUnsupported']);
    expect(Message).toMatch(/: the file system has no hard links, which ramctl needs; nothing was changed$/);
    expect(Hint).toContain('ext4');
    expect(readdirSync(home.folder)).toEqual([]);
  });

  it('a directory can be read, and a change says what is wrong and changes nothing', async () => {
    const home = new Home();
    await home.json('user', 'create', 'alice');
    const content = home.read('ramctl/directory.json');
    expect((await home.ramctl(['user', 'get', 'alice'], { before })).code).toBe(0);
    const failed = await home.ramctl(['user', 'create', 'bob', '-o', 'json'], { before });
    expect([failed.code, failed.out, parseError(failed).Code]).toEqual([6, '', 'HardLinksUnsupported']);
    expect([home.files(), home.read('ramctl/directory.json')]).toEqual([
      ['directory.history.jsonl', 'directory.json', 'directory.key'],
      content,
    ]);
  });

  it('secrets and backups are written to new files, which replace no file', async () => {
    const home = new Home();
    await home.json('init');
    const args = ['directory', 'backup', 'copy.json', '--with-key'];
    expect((await home.ramctl(args, { before })).code).toBe(0);
    expect(home.read('copy.json')).toContain('"Changes":[]');
    expect(statSync(join(home.folder, 'copy.json')).mode & 0o777).toBe(0o600);
    expect(readdirSync(home.folder).sort()).toEqual(['copy.json', 'copy.key', 'ramctl']);
    home.write('copy.json', 'mine');
    expect((await home.ramctl(args, { before })).code).toBe(1);
    expect(home.read('copy.json')).toBe('mine');
  });
});
