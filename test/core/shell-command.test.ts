import { expect, it } from 'vitest';
import { shellCommand } from '../../src/core/shell-command.ts';

const rollback = (name: string) => shellCommand`ramctl ak rotation rollback ${name}`;

it.each([
  [shellCommand`ramctl user get ${'alice'}`, 'ramctl user get alice'],
  [shellCommand`ramctl user get ${'-x'}`, 'ramctl user get -- -x'],
  [shellCommand`ramctl ak delete ${'al-x'} ${'LTAI'} --force`, 'ramctl ak delete al-x LTAI --force'],
  [shellCommand`ramctl ak delete ${'--yes'} ${'LTAI'} --force`, 'ramctl ak delete --force -- --yes LTAI'],
  [
    shellCommand`ramctl user delete ${['bob', '-x', '--'].join(' ')} --cascade`,
    'ramctl user delete bob --cascade -- -x --',
  ],
  [shellCommand`ramctl group remove ${'ops'} ${'-x'}`, 'ramctl group remove ops -- -x'],
  [shellCommand`ramctl policy detach <policy> --user ${'-x'}`, 'ramctl policy detach <policy> --user=-x'],
  [shellCommand`ramctl policy detach ${'-p'} --user ${'-x'}`, 'ramctl policy detach --user=-x -- -p'],
  [
    shellCommand`ramctl policy edit ${'-p'} --document <file> --rotate   # deletes ${'v1'}`,
    'ramctl policy edit --document <file> --rotate -- -p   # deletes v1',
  ],
  [
    shellCommand`ramctl ak enable ${'-x'} ${'LTAI'}   # or ${rollback('-x')}`,
    'ramctl ak enable -- -x LTAI   # or ramctl ak rotation rollback -- -x',
  ],
  [
    shellCommand`ramctl ak rotation finish ${'al'}   # or ${rollback('al')}`,
    'ramctl ak rotation finish al   # or ramctl ak rotation rollback al',
  ],
])('a command line can be pasted: %s', (line, expected) => {
  expect(line).toBe(expected);
});
