import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Home, parseError } from '../support/process.ts';
import { createRobotHome, type KeyPair, listFiles, verifyKeyPair } from '../support/rotation.ts';

let sampleHome: Home;
beforeAll(async () => {
  sampleHome = await createRobotHome();
});

const rotate = (...args: string[]) => ['ak', 'rotate', 'robot', '-o', 'json', ...args];
const readDirectory = (home: Home) => readFileSync(home.directory, 'utf8');

describe('--secret-to github', () => {
  const step = { GITHUB_ACTIONS: 'true', GITHUB_OUTPUT: 'output' };
  /** Parses an output file as the runner of GitHub Actions does. */
  const parseOutputs = (text: string) =>
    Object.fromEntries(
      Array.from(text.matchAll(/^(\w+)<<(.+)\n([\s\S]*?)\n\2\n/gm), ([, name, , value]) => [name, value] as const),
    );

  it('writes the key pair to the outputs of the step, after the command that masks the secret', async () => {
    const home = sampleHome.copy();
    home.write('output', 'before=1\n');
    // Records the content of the output file at each write to stderr.
    const before = `import fs from 'node:fs';
      import { syncBuiltinESMExports } from 'node:module';
      const { appendFileSync, readFileSync, writeSync } = fs;
      fs.writeSync = (file, bytes, ...rest) => {
        const record = [String(bytes), readFileSync('output', 'utf8')];
        if (file === 2) appendFileSync('record', JSON.stringify(record) + '\\n');
        return writeSync(file, bytes, ...rest);
      };
      syncBuiltinESMExports();`;
    const { code, out, err } = await home.ramctl(rotate('--secret-to', 'github', '-q'), { environment: step, before });
    const { before: first, ...outputs } = {
      before: home.read('output').split('\n')[0],
      ...parseOutputs(home.read('output')),
    };
    const pair = { AccessKeyId: outputs.access_key_id, AccessKeySecret: outputs.access_key_secret } as KeyPair;
    expect([code, first, Object.keys(outputs)]).toEqual([0, 'before=1', ['access_key_id', 'access_key_secret']]);
    expect(await verifyKeyPair(home, pair)).toBe(0);
    expect(err).toBe(`::add-mask::${pair.AccessKeySecret}\n`);
    expect(home.read('record')).toBe(`${JSON.stringify([err, 'before=1\n'])}\n`);
    expect([JSON.parse(out).NewAccessKeyId, out.includes(pair.AccessKeySecret)]).toEqual([pair.AccessKeyId, false]);
  });

  it('masks each secret, and uses a random delimiter for the outputs', async () => {
    const home = sampleHome.copy();
    home.write('output', '');
    for (const name of ['android', 'automaton']) {
      const args = ['user', 'create', name, '--console', '--access-key', '--secret-to', 'github'];
      const { code, err } = await home.ramctl(args, { environment: step });
      expect([code, err.match(/^::add-mask::/gm)?.length]).toEqual([0, 2]);
    }
    const delimiters = Array.from(home.read('output').matchAll(/<<(\w+)$/gm), ([, delimiter]) => delimiter);
    expect([delimiters.length, new Set(delimiters).size]).toEqual([6, 2]);
    expect(parseOutputs(home.read('output'))).toMatchObject({ password: expect.stringMatching(/^[A-Za-z].{19}$/) });
  });

  it.each([
    ['outside of GitHub Actions', { GITHUB_OUTPUT: 'output' }],
    ['without the output file', { ...step, GITHUB_OUTPUT: 'nowhere' }],
    ['without GITHUB_OUTPUT', { GITHUB_ACTIONS: 'true' }],
    ['with an empty GITHUB_OUTPUT', { ...step, GITHUB_OUTPUT: '' }],
    ['with GITHUB_ACTIONS=false', { ...step, GITHUB_ACTIONS: 'false' }],
  ])('%s ends with exit code 2 and changes nothing', async (_, environment) => {
    const home = sampleHome.copy();
    home.write('output', 'before=1\n');
    const failed = await home.run(rotate('--secret-to', 'github', '--check', 'touch checked'), { environment });
    expect([failed.code, failed.out, parseError(failed).Code]).toEqual([2, '', 'Usage']);
    expect([readDirectory(home), home.read('output')]).toEqual([readDirectory(sampleHome), 'before=1\n']);
    expect(listFiles(home)).toEqual([...listFiles(sampleHome), 'output'].sort());
  });
});
