import type { Answers } from '../../support/test-world.ts';

/** The answers that describe a person with console logon. */
export const PERSON: Answers = [
  ['User name', 'alice'],
  ['Display name', 'Alice Li'],
  ['Comments', 'on call'],
  ['Access mode', 'console'],
  ['Password', 'generate'],
  ['new password at the next logon', true],
  ['MFA device', true],
  ['Policies', ['ReadOnlyAccess', 'AliyunIOTReadOnlyAccess']],
];

/** The answers that describe a program with an AccessKey. */
export const PROGRAM: Answers = [
  ['User name', 'deployer'],
  ['Display name', ''],
  ['Comments', ''],
  ['Access mode', 'key'],
  ['Policies', []],
];
