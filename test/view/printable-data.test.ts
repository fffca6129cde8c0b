import { expect, it } from 'vitest';
import { stripUnsafeCharacters, stripUnsafeExceptLayout } from '../../src/core/unsafe-characters.ts';
import { toPrintableData } from '../../src/view/printable-data.ts';

it('Control characters and bidirectional controls are removed, other characters are kept', () => {
  const text = 'a\u001b[31mb\u0007\u009b2J\rc\u202ed\u2066e\u200ff\ufeff\tg\nh';
  expect(stripUnsafeCharacters(text)).toBe('a[31mb2Jcdefgh');
  expect(stripUnsafeExceptLayout(text)).toBe('a[31mb2Jcdef\tg\nh');
  expect(stripUnsafeCharacters('李 😀 👩‍💻 "quotes"')).toBe('李 😀 👩‍💻 "quotes"');
});

it('Every text loses its control characters, documents keep their line breaks, and undefined members are left out', () => {
  const value = {
    a: '\u0000x\n',
    b: [null, 1, { c: '\u202ey', d: undefined }],
    e: false,
    PolicyDocument: '{\n}\u001b',
    AssumeRolePolicyDocument: '{\n}\u001b',
  };
  expect(toPrintableData(value)).toEqual({
    a: 'x',
    b: [null, 1, { c: 'y' }],
    e: false,
    PolicyDocument: '{\n}',
    AssumeRolePolicyDocument: '{\n}',
  });
  expect(Object.keys(toPrintableData({ gone: undefined }) as object)).toEqual([]);
});
