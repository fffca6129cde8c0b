import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../src/system/environment.ts';

describe('the environment', () => {
  it('has no settings when the variables are unset or empty', () => {
    const names = ['DIRECTORY', 'OUTPUT', 'NO_INPUT', 'KEY_FILE'].map((name) => `RAMCTL_${name}`);
    const empty = Object.fromEntries([...names, 'CI', 'NO_COLOR', 'FORCE_COLOR'].map((name) => [name, '']));
    for (const variables of [{}, empty]) {
      const { aliyunConfigPath, ...settings } = readEnvironment(variables);
      expect(aliyunConfigPath).toBe(join(homedir(), '.aliyun', 'config.json'));
      expect(Object.values(settings).filter((value) => value !== undefined)).toEqual([]);
    }
  });

  it('sets the directory, the output format and the key file', () => {
    expect(
      readEnvironment({ RAMCTL_DIRECTORY: 'acme.json', RAMCTL_OUTPUT: 'yaml', RAMCTL_KEY_FILE: '/keys/acme' }),
    ).toMatchObject({ directory: 'acme.json', output: 'yaml', keyFile: '/keys/acme' });
  });

  it.each<[NodeJS.ProcessEnv, string | undefined]>([
    [{ GITHUB_ACTIONS: 'true', GITHUB_OUTPUT: '/runner/output' }, '/runner/output'],
    [{ GITHUB_ACTIONS: 'true', GITHUB_OUTPUT: '' }, undefined],
    [{ GITHUB_ACTIONS: 'true' }, undefined],
    [{ GITHUB_ACTIONS: '', GITHUB_OUTPUT: '/runner/output' }, undefined],
    [{ GITHUB_ACTIONS: 'false', GITHUB_OUTPUT: '/runner/output' }, undefined],
    [{ CI: 'true', GITHUB_OUTPUT: '/runner/output' }, undefined],
  ])('%j sets the file for job outputs to %s', (variables, githubOutputPath) => {
    expect(readEnvironment(variables).githubOutputPath).toBe(githubOutputPath);
  });

  it.each<[NodeJS.ProcessEnv, boolean | undefined]>([
    [{ CI: 'true' }, false],
    [{ CI: '1' }, false],
    [{ CI: '0' }, true],
    [{ CI: 'false' }, true],
    [{ RAMCTL_NO_INPUT: '1' }, false],
    [{ RAMCTL_NO_INPUT: 'FALSE' }, true],
    [{ RAMCTL_NO_INPUT: '0', CI: 'true' }, true],
    [{ RAMCTL_NO_INPUT: '', CI: 'true' }, false],
    [{ RAMCTL_NO_INPUT: '1', CI: '0' }, false],
  ])('%j sets input to %s', (variables, input) => {
    expect(readEnvironment(variables).input).toBe(input);
  });

  it.each<[NodeJS.ProcessEnv, string | undefined]>([
    [{ NO_COLOR: '1' }, 'never'],
    [{ NO_COLOR: '0' }, undefined],
    [{ FORCE_COLOR: '1' }, 'always'],
    [{ FORCE_COLOR: '3' }, 'always'],
    [{ FORCE_COLOR: '0' }, 'never'],
    [{ FORCE_COLOR: '', NO_COLOR: '1' }, 'never'],
  ])('%j sets color to %s', (variables, color) => {
    expect(readEnvironment(variables).color).toBe(color);
  });
});
