// Disks that are full or read-only, with a small tmpfs.
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Home, isSupported, parseError } from '../support/process.ts';

const LONG_COMMENT = '\u{1f511}'.repeat(128);

const home = new Home();
const disk = join(home.folder, 'disk');
const filler = join(disk, 'filler');
mkdirSync(disk);
const isPossible = mountTmpfs('size=64k') && remount('ro') && unmount();

/** Runs a command on a directory on the disk. */
const ramctl = (line: string) =>
  home.run([...line.split(' '), '-o', 'json', '--directory', join(disk, 'directory.json')]);

async function readResult<T>(line: string): Promise<T> {
  const { code, out, err } = await ramctl(line);
  if (code !== 0) throw new Error(err);
  return JSON.parse(out);
}

async function createAlice(): Promise<void> {
  await readResult('init');
  await readResult('user create alice');
}

/** Mounts an empty disk until the end of the test. */
function mountForTest(options: string): void {
  mountTmpfs(options);
  onTestFinished(() => void unmount());
}

function mountTmpfs(options: string): boolean {
  return isSupported('mount a small disk', 'mount', '-t', 'tmpfs', '-o', options, 'tmpfs', disk);
}

function remount(mode: 'ro' | 'rw'): boolean {
  return isSupported('remount it', 'mount', '-o', `remount,${mode}`, disk);
}

function unmount(): boolean {
  return isSupported('unmount it', 'umount', disk);
}

/** Fills the disk except for a number of bytes. */
function fill(freeBytes: number): void {
  const file = openSync(filler, 'w');
  try {
    for (;;) writeSync(file, Buffer.alloc(4096));
  } catch {
    ftruncateSync(file, statSync(filler).size - freeBytes);
  }
  closeSync(file);
}

describe.skipIf(!isPossible)('on a small disk', () => {
  it('a directory on a read-only disk can be read, and a change ends with exit code 6', async () => {
    mountForTest('size=64k');
    await createAlice();
    remount('ro');
    const before = home.read('disk/directory.json');
    const failed = await ramctl('ak create alice');
    expect([failed.code, failed.out, parseError(failed).Code]).toEqual([6, '', 'DirectoryUnusable']);
    expect((await ramctl('user get alice')).code).toBe(0);
    expect((await ramctl('directory check')).code).toBe(0);
    expect(home.read('disk/directory.json')).toBe(before);
    remount('rw');
    expect((await ramctl('ak create alice')).code).toBe(0);
  });

  it('a change ends with exit code 5 if the disk has no space for a lock, and the directory stays valid', async () => {
    mountForTest('nr_inodes=20');
    await createAlice();
    const fillInodes = () => Array.from({ length: 20 }, (_, n) => writeFileSync(join(disk, `filler-${n}`), ''));
    expect(fillInodes).toThrow('ENOSPC');
    const failed = await ramctl('ak create alice');
    expect([failed.code, failed.out, parseError(failed).Code]).toEqual([5, '', 'DirectoryUnavailable']);
    expect((await ramctl('directory check')).code).toBe(0);
  });

  it('the first command on a full disk ends with exit code 5 and leaves no file', async () => {
    mountForTest('size=64k');
    expect(() => writeFileSync(filler, Buffer.alloc(100_000))).toThrow('ENOSPC');
    const failed = await ramctl('init');
    expect([failed.code, failed.out, readdirSync(disk)]).toEqual([5, '', ['filler']]);
    rmSync(filler);
    await createAlice();
  });

  it('a change on a full disk ends with exit code 5, is rolled back and prints no secret', async () => {
    mountForTest('size=256k');
    await readResult('init');
    expect((await ramctl('user create user-0')).code).toBe(0);
    fill(8192);
    let userCount = 1;
    let failed = await ramctl(`user create user-${userCount} --comments ${LONG_COMMENT}`);
    for (; failed.code === 0 && userCount < 50; userCount++) {
      failed = await ramctl(`user create user-${userCount + 1} --comments ${LONG_COMMENT}`);
    }
    expect([failed.code, failed.out, parseError(failed).Code]).toEqual([5, '', 'DirectoryUnavailable']);
    expect(await readResult('user list')).toHaveLength(userCount);
    expect(await readResult('directory check')).toMatchObject({ Whole: true });

    const undelivered = await ramctl(`ak create user-0 --secret-to file:${join(disk, 'a.env')}`);
    expect([undelivered.code, undelivered.out]).toEqual([5, '']);
    rmSync(filler);
    expect(await readResult('ak list user-0')).toEqual([]);
    expect((await ramctl('user create after')).code).toBe(0);
    expect(await readResult('user list')).toHaveLength(userCount + 1);
    expect(await readResult('directory check')).toMatchObject({ Whole: true });
  });

  it('a user is not created if only a part of the secret fits into the output file', async () => {
    mountForTest('size=256k');
    const output = openSync(join(disk, 'out.json'), 'w');
    writeSync(output, 'x'.repeat(4000));
    fill(0);
    const { code } = await home.ramctl(['user', 'create', 'carol', '--console', '-o', 'json'], { stdout: output });
    closeSync(output);
    expect(code).toBe(5);
    expect((await home.ramctl(['user', 'get', 'carol'])).code).toBe(3);
  });
});
