import { expect, it } from 'vitest';
import {
  assertValidEmail,
  assertValidMobilePhone,
  assertValidPolicyName,
  assertValidText,
  assertValidUserName,
} from '../../src/core/validation.ts';
import { failureCode } from '../support/failures.ts';

const EMOJI = '😀';

it.each([
  ['fine', ['a', '7', '_', '.', 'Alice.Li_2-x', '__proto__', 'constructor', 'a'.repeat(64), '-alice', '--', '-']],
  ['InvalidParameter.UserName.Length', ['', 'a'.repeat(65), EMOJI.repeat(65)]],
  [
    'InvalidParameter.UserName.InvalidChars',
    ['al ice', 'alice@acme', 'älice', EMOJI.repeat(64), 'alice\n', 'ali\u202ece', '../alice', 'a\u0000'],
  ],
])('checks user names: %s', (outcome, names) => {
  for (const name of names) expect([name, failureCode(() => assertValidUserName(name))]).toEqual([name, outcome]);
});

it('an error names the parameter of the request', () => {
  expect(failureCode(() => assertValidUserName('a b', 'NewUserName'))).toBe(
    'InvalidParameter.NewUserName.InvalidChars',
  );
});

it.each([
  ['fine', ['AdministratorAccess', 'a-1', 'p'.repeat(128)]],
  ['InvalidParameter.PolicyName.Length', ['', 'p'.repeat(129)]],
  ['InvalidParameter.PolicyName.InvalidChars', ['a_b', 'a.b', 'a b', 'ä']],
])('checks policy names: %s', (outcome, names) => {
  for (const name of names) expect([name, failureCode(() => assertValidPolicyName(name))]).toEqual([name, outcome]);
});

it.each([
  ['fine', ['x', '李 爱丽', 'zero\u200dwidth', '👩‍💻', 'a'.repeat(128), EMOJI.repeat(128)]],
  ['InvalidParameter.Comments.Length', ['', 'a'.repeat(129), EMOJI.repeat(129)]],
  ['InvalidParameter.Comments.InvalidChars', ['a\nb', 'a\tb', 'a\u001b[2J', '\u0000', '\u007f', '\u009b31m', '\u2028']],
  ['InvalidParameter.Comments.InvalidChars', ['a\u202eb', '\u2067', '\u200f', '\u061c', '\ufeff']],
  ['InvalidParameter.Comments.InvalidChars', ['a\ud83d', '\ude00a', '\ude00\ud83d', `${EMOJI}\ud83d`]],
])('checks free text: %s', (outcome, texts) => {
  for (const text of texts)
    expect([text, failureCode(() => assertValidText(text, 'Comments'))]).toEqual([text, outcome]);
});

it.each([
  ['fine', ['alice@example.com', 'a.b+c@mail.example.com']],
  [
    'InvalidParameter.Email.Format',
    ['', 'alice', 'alice@example', '@example.com', 'a b@example.com', 'a@b@example.com'],
  ],
  ['InvalidParameter.Email.Format', [`${'a'.repeat(250)}@b.co`, 'alice@example.com\n', 'a\u202e@example.com']],
])('checks mail addresses: %s', (outcome, addresses) => {
  for (const text of addresses)
    expect([text, failureCode(() => assertValidEmail(text, 'Email'))]).toEqual([text, outcome]);
});

it.each([
  ['fine', ['86-13800000000', '1-5550100']],
  [
    'InvalidParameter.MobilePhone.Format',
    ['', '13800000000', '+86-13800000000', '86-138 0000', '086-1380000', '86-138x'],
  ],
])('checks telephone numbers: %s', (outcome, numbers) => {
  for (const text of numbers)
    expect([text, failureCode(() => assertValidMobilePhone(text, 'MobilePhone'))]).toEqual([text, outcome]);
});
