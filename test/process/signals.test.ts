import { readdirSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { Home, parseError, signalBeforeHashing } from '../support/process.ts';

const sampleHome = new Home();
beforeAll(async () => {
  await sampleHome.json('user', 'create', 'alice', '--console', '--display-name', 'Alice Li');
});

describe.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s while a password is hashed', (signal, code) => {
  const args = ['user', 'create', 'bob', '--console', '--secret-to', 'file:bob.csv'];

  it('says that nothing was written, and the directory is unchanged', async () => {
    const home = sampleHome.copy();
    const result = await home.ramctl(args, { before: signalBeforeHashing(signal) });
    expect([result.code, result.out, result.err]).toEqual([code, '', expect.stringContaining('nothing was written')]);
    expect(home.read('ramctl/directory.json')).toBe(sampleHome.read('ramctl/directory.json'));
    expect(home.files()).toEqual(sampleHome.files());
  });

  it('writes the message as an error object with -o json', async () => {
    const result = await sampleHome.copy().ramctl([...args, '-o', 'json'], { before: signalBeforeHashing(signal) });
    expect([result.code, parseError(result).Message]).toEqual([code, expect.stringContaining('nothing was written')]);
  });

  it('leaves no secret file', async () => {
    const home = sampleHome.copy();
    await home.ramctl(args, { before: signalBeforeHashing(signal) });
    expect(readdirSync(home.folder)).toEqual(['ramctl']);
  });
});
