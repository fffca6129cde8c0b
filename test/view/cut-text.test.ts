import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cutFreeText, cutText } from '../../src/view/cut-text.ts';
import { textWidth } from '../../src/view/plain-table.ts';

it.each([
  ['alice', 5, 'alice'],
  ['alice', 4, 'ali…'],
  ['ali ce', 5, 'ali…'],
  ['李爱丽', 6, '李爱丽'],
  ['李爱丽', 5, '李爱…'],
  ['李爱丽', 4, '李…'],
  ['e\u0301e\u0301e\u0301', 2, 'e\u0301…'],
  ['👩‍👩‍👧👩‍👩‍👧', 3, '👩‍👩‍👧…'],
  ['🇨🇳🇨🇳', 3, '🇨🇳…'],
])('%j cut to %i columns is %j', (text, width, expected) => {
  expect(cutText(text, width)).toBe(expected);
});

it('A cut text is never wider than allowed and starts like the text', () => {
  const unit = fc.oneof(
    fc.constantFrom('a', ' ', '李', 'e\u0301', '👩‍👩‍👧', '🇨🇳', '\u200d', '\ufe0f', '각'),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(unit), fc.integer({ min: 8, max: 30 }), (units, width) => {
      const text = units.join('');
      const cut = cutText(text, width);
      expect(textWidth(cut)).toBeLessThanOrEqual(width);
      expect(cut === text || text.startsWith(cut.slice(0, -1))).toBe(true);
    }),
  );
});

it.each([
  ['a table that fits', 20, ['Name', 'Comments']],
  ['no column of free text', 5, []],
  ['a table that cutting cannot make narrow enough', 10, ['Name', 'Comments']],
])('cutFreeText leaves %s unchanged', (_, width, freeText) => {
  const rows = [
    ['Name', 'Comments'],
    ['alice', 'ten letter'],
  ];
  expect(cutFreeText(rows, freeText.length > 0 ? [false, true] : [false, false], width)).toEqual(rows);
});
