import { expect, it } from 'vitest';
import { DIRECTORIES_HELP } from '../../../src/cli/help/directories.ts';
import { TestWorld } from '../../support/test-world.ts';

it('fits 80 columns and names only commands that exist', async () => {
  expect(DIRECTORIES_HELP.split('\n').filter((line) => line.length > 80)).toEqual([]);
  const commands = DIRECTORIES_HELP.match(/ramctl (directory \w+|init)/g) ?? [];
  expect(new Set(commands).size).toBe(5);
  for (const command of commands) {
    expect((await new TestWorld().ramctl(`${command.replace('ramctl ', '')} --help`)).code).toBe(0);
  }
});
