import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { Failure } from '../../src/core/failure.ts';
import { openAppendFile, openSharedFile } from '../../src/system/shared-file.ts';
import { failure } from '../support/failures.ts';

const unavailable = failure('later', 'SinkUnavailable');
/** Modes bind everybody but root. */
const isRoot = process.getuid?.() === 0;
let folder = '';
let path = '';
const at = (name: string) => join(folder, name);
const mode = (name: string) => fs.statSync(at(name)).mode & 0o777;
const content = (name = 'config.json') => fs.readFileSync(at(name), 'utf8');

beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'ramctl-shared-'));
  path = at('config.json');
});

afterEach(() => {
  fs.chmodSync(folder, 0o700);
  fs.rmSync(folder, { recursive: true });
});

describe('a file of others', () => {
  it('is replaced as a whole by what is made of its content, and private then', async () => {
    fs.writeFileSync(path, 'old', { mode: 0o644 });
    const { ino } = fs.statSync(path);
    const sink = openSharedFile(path);
    expect([sink.read(), content()]).toEqual(['old', 'old']);
    const text = 'é'.repeat(100_000);
    await sink.deliver((present) => `${present} ${text}`);
    expect([content(), mode('config.json'), fs.readdirSync(folder)]).toEqual([`old ${text}`, 0o600, ['config.json']]);
    expect(fs.statSync(path).ino).not.toBe(ino);
  });

  it('is given the content of the moment of delivery', async () => {
    fs.writeFileSync(path, 'old');
    const sink = openSharedFile(path);
    fs.writeFileSync(path, 'theirs');
    await sink.deliver((present) => `${present} and ours`);
    expect(content()).toBe('theirs and ours');
  });

  it('is worked out anew when somebody changes it during the delivery', async () => {
    fs.writeFileSync(path, 'old');
    let meanwhile = () => fs.writeFileSync(path, 'their');
    await openSharedFile(path).deliver((present) => {
      meanwhile();
      meanwhile = () => {};
      return `${present} and ours`;
    });
    expect(content()).toBe('their and ours');
  });

  it('is made where there is none, together with its folder, for nobody else to look into', async () => {
    const sink = openSharedFile(at('.aliyun/deep/config.json'));
    expect(sink.read()).toBeUndefined();
    expect(fs.readdirSync(at('.aliyun/deep')).map((name) => mode(`.aliyun/deep/${name}`))).toEqual([0o600]);
    await sink.deliver((present) => `${present}`);
    expect(content('.aliyun/deep/config.json')).toBe('undefined');
    expect(['.aliyun', '.aliyun/deep', '.aliyun/deep/config.json'].map(mode)).toEqual([0o700, 0o700, 0o600]);
  });

  it('is changed where a link leads, and the link stays', async () => {
    fs.mkdirSync(at('dotfiles'));
    fs.writeFileSync(at('dotfiles/real.json'), 'old');
    fs.symlinkSync('dotfiles/real.json', at('hop'));
    fs.symlinkSync('hop', path);
    const sink = openSharedFile(path);
    expect(fs.readdirSync(at('dotfiles'))).toHaveLength(2);
    await sink.deliver((present) => `${present} new`);
    expect([content('dotfiles/real.json'), fs.readlinkSync(path)]).toEqual(['old new', 'hop']);
    expect([fs.readdirSync(folder), fs.readdirSync(at('dotfiles'))]).toEqual([
      ['config.json', 'dotfiles', 'hop'],
      ['real.json'],
    ]);
  });

  it('is made where a link leads to nothing yet', async () => {
    fs.symlinkSync('dotfiles/real.json', path);
    await openSharedFile(path).deliver(() => 'new');
    expect([content('dotfiles/real.json'), fs.readlinkSync(path)]).toEqual(['new', 'dotfiles/real.json']);
  });

  it('keeps what others write at the same time', async () => {
    fs.writeFileSync(path, '');
    const sinks = Array.from('abc', (letter) => ({ letter, sink: openSharedFile(path) }));
    await Promise.all(sinks.map(({ letter, sink }) => sink.deliver((present) => present + letter)));
    expect([Array.from(content()).sort().join(''), fs.readdirSync(folder)]).toEqual(['abc', ['config.json']]);
  });

  it('is rid of what a process left beside it that was killed, and of nothing else', () => {
    const [dead, other] = [`.config.json.99999999.${'0'.repeat(16)}.tmp`, '.config.json.mine.tmp'];
    for (const name of [dead, other]) fs.writeFileSync(at(name), 'secret');
    const [first, second] = [openSharedFile(path), openSharedFile(path)];
    expect(fs.readdirSync(folder)).toHaveLength(3);
    for (const sink of [first, second]) sink.discard();
    expect(fs.readdirSync(folder)).toEqual([other]);
  });

  it('is not changed when it is no text', () => {
    fs.writeFileSync(path, new Uint8Array([0x63, 0xe9]));
    const sink = openSharedFile(path);
    expect(() => sink.read()).toThrow(failure('later', 'SinkUnusable'));
    sink.discard();
    expect(fs.readFileSync(path).length).toBe(2);
  });

  it.each(['abandoned', 'refused by the content'])('is left alone, with nothing beside it, when %s', async (how) => {
    fs.writeFileSync(path, 'old', { mode: 0o640 });
    const sink = openSharedFile(path);
    const refuse = () => {
      throw new Failure('later', 'SinkUnusable', 'no such file');
    };
    if (how === 'abandoned') sink.discard();
    else await expect(sink.deliver(refuse)).rejects.toThrow(failure('later', 'SinkUnusable'));
    sink.discard();
    expect([content(), mode('config.json'), fs.readdirSync(folder)]).toEqual(['old', 0o640, ['config.json']]);
  });

  it.each<[string, () => void]>([
    ['a folder', () => fs.mkdirSync(path)],
    ['a pipe', () => execFileSync('mkfifo', [path])],
    ['a device', () => fs.symlinkSync('/dev/null', path)],
    ['a device without an end', () => fs.symlinkSync('/dev/zero', path)],
  ])('cannot be %s', (_, make) => {
    make();
    const { mode } = fs.statSync(path);
    expect(() => {
      const sink = openSharedFile(path);
      onTestFinished(() => sink.discard());
      sink.read();
    }).toThrow(unavailable);
    expect(fs.statSync(path).mode).toBe(mode);
  });

  it('cannot be so large that editing it would take the memory', () => {
    fs.writeFileSync(path, ' '.repeat(1024 * 1024 + 1));
    const sink = openSharedFile(path);
    expect(() => sink.read()).toThrow(failure('later', 'SinkUnusable'));
    sink.discard();
  });

  it.each(['config.json/deep/config.json', 'config.json/config.json'])('cannot lie below a file: %s', (name) => {
    fs.writeFileSync(path, 'old');
    expect(() => openSharedFile(at(name))).toThrow(unavailable);
    expect(content()).toBe('old');
  });

  it.skipIf(isRoot)('cannot be replaced in a folder that is read-only', () => {
    fs.writeFileSync(path, 'old');
    fs.chmodSync(folder, 0o500);
    expect(() => openSharedFile(path)).toThrow(unavailable);
    expect(() => openSharedFile(at('deep/config.json'))).toThrow(unavailable);
    expect([content(), fs.readdirSync(folder)]).toEqual(['old', ['config.json']]);
  });

  it.skipIf(isRoot)('cannot be one that we may not read', () => {
    fs.writeFileSync(path, 'old', { mode: 0o200 });
    const sink = openSharedFile(path);
    expect(() => sink.read()).toThrow(unavailable);
    sink.discard();
  });
});

describe('a log of others', () => {
  it('grows at its end, after what others added meanwhile, and keeps its mode', async () => {
    fs.writeFileSync(path, 'one\n', { mode: 0o644 });
    const log = openAppendFile(path);
    fs.appendFileSync(path, 'two\n');
    await log.deliver((present) => `three after ${present?.length}\n`);
    expect([content(), mode('config.json')]).toEqual(['one\ntwo\nthree after 8\n', 0o644]);
  });

  it('is left alone when abandoned', () => {
    fs.writeFileSync(path, 'one\n');
    openAppendFile(path).discard();
    expect(content()).toBe('one\n');
  });

  it('is never made, nor is it a folder', () => {
    for (const name of ['none', 'none/deep', '.']) expect(() => openAppendFile(at(name))).toThrow(unavailable);
    expect(fs.readdirSync(folder)).toEqual([]);
  });
});
