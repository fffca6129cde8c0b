import { expect, it } from 'vitest';
import { decodeText } from '../../src/system/decode-text.ts';
import { failure } from '../support/failures.ts';

const TEXT = '登录名称,a\nalice,李\n';
/** TEXT without a byte order mark. */
const UTF8 = Buffer.from(TEXT);
const UTF16LE = Buffer.from(TEXT, 'utf16le');
const UTF16BE = Buffer.from(UTF16LE).swap16();
const GB18030 = Buffer.from('b5c7c2bcc3fbb3c62c610a616c6963652cc0ee0a', 'hex');

const bom = (hex: string, bytes: Buffer) => Buffer.concat([Buffer.from(hex, 'hex'), bytes]);

it.each([
  ['auto', UTF8],
  ['auto', bom('efbbbf', UTF8)],
  ['auto', bom('fffe', UTF16LE)],
  ['auto', bom('feff', UTF16BE)],
  ['utf-8', UTF8],
  ['utf-8', bom('efbbbf', UTF8)],
  ['utf-16', UTF16LE],
  ['utf-16', UTF16BE],
  ['utf-16', bom('fffe', UTF16LE)],
  ['utf-16', bom('feff', UTF16BE)],
  ['gb18030', GB18030],
] as const)('decodes %s, case %#', (encoding, bytes) => {
  expect(decodeText(bytes, 'users.csv', encoding)).toBe(TEXT);
});

it('decodes characters of four bytes in GB18030', () => {
  expect(decodeText(Buffer.from('a2e39439da33', 'hex'), 'a', 'gb18030')).toBe('€💩');
});

it.each([
  ['auto', GB18030, 'is not UTF-8 text (line 1)'],
  ['auto', UTF16LE, 'is not UTF-8 text'],
  ['auto', UTF16BE, 'is not UTF-8 text'],
  ['auto', Buffer.from('a\nb\nc\0d\n'), 'is not UTF-8 text (line 3)'],
  ['auto', bom('efbbbf', Buffer.from('610a620aff630a', 'hex')), 'is not UTF-8 text (line 3)'],
  ['auto', bom('fffe', Buffer.from('61000a0000d86100', 'hex')), 'is not UTF-16 text (line 2)'],
  ['auto', Buffer.from('610ae5', 'hex'), 'is not UTF-8 text (line 2)'],
  ['utf-8', GB18030, 'is not UTF-8 text (line 1)'],
  ['utf-16', Buffer.from('610062', 'hex'), 'is not UTF-16 text (line 1)'],
  ['gb18030', Buffer.from('610a62ff', 'hex'), 'is not GB18030 text (line 2)'],
  ['gb18030', bom('efbbbf', UTF8), 'has the byte order mark of UTF-8'],
  ['utf-8', bom('fffe', UTF16LE), 'has the byte order mark of UTF-16LE'],
] as const)('refuses other bytes as %s instead of replacing them, case %#', (encoding, bytes, message) => {
  const decode = () => decodeText(bytes, 'users.csv', encoding);
  expect(decode).toThrow(failure('refused', 'InputNotText'));
  expect(decode).toThrow(`users.csv ${message}`);
});

it.each([
  ['auto', GB18030, 'gb18030'],
  ['auto', UTF16LE, 'utf-16'],
  ['utf-8', GB18030, 'auto'],
  ['gb18030', bom('fffe', UTF16LE), 'auto'],
  [undefined, GB18030, undefined],
] as const)('after %s, suggests another encoding, case %#', (encoding, bytes, Hint) => {
  const details = Hint && { details: { Hint } };
  expect(() => decodeText(bytes, 'a', encoding)).toThrow(expect.objectContaining({ code: 'InputNotText', ...details }));
});

it('accepts zero bytes where the encoding is not detected, because a password may contain them', () => {
  expect(decodeText(Buffer.from('a\0b'), 'password.txt')).toBe('a\0b');
});
