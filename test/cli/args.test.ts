import { expect, it } from 'vitest';
import { buildArgs, withDirectory } from '../../src/cli/args.ts';

const ARGS = ['-d', 'd.json', 'user', 'list'];

it.each([
  ['ramctl ak list alice', 'ramctl -d d.json ak list alice'],
  ['ramctl a   # or ramctl b', 'ramctl -d d.json a   # or ramctl -d d.json b'],
  ['ramctl help user', 'ramctl help user'],
  ['rm x   # only if no other ramctl is running', 'rm x   # only if no other ramctl is running'],
  ['ramctl --yes -d d.json user delete alice', 'ramctl --yes -d d.json user delete alice'],
])('--directory is added to each command of a hint that names none: %s', (hint, expected) => {
  expect(withDirectory(hint, ARGS)).toBe(expected);
  expect(withDirectory(hint, ['user', 'list'])).toBe(hint);
});

it('names that start with a hyphen follow the options', () => {
  const options = { comments: '-x', group: ['ops', '--'], yes: true };
  const optionArgs = ['--comments=-x', '--group', 'ops', '--group=--', '--yes'];
  expect(buildArgs(['user', 'edit', 'alice'], options)).toEqual(['user', 'edit', 'alice', ...optionArgs]);
  expect(buildArgs(['user', 'edit', '-y'], options)).toEqual(['user', 'edit', ...optionArgs, '--', '-y']);
});
