import { expect, it } from 'vitest';
import { renderPlainTable } from '../../src/view/columns.ts';
import { createTableRenderer } from '../../src/view/table.ts';

const drawings = [
  ['for scripts', renderPlainTable],
  ['on a terminal', createTableRenderer(400)],
] as const;

it.each(drawings)(
  'columns %s are as wide as their content, wide characters counted, without trailing blanks',
  (_, draw) => {
    const rows = [
      ['User', 'Name', 'More'],
      ['alice', '李爱丽', 'x'],
      ['b', 'Bob', ''],
    ];
    expect(draw(rows)).toBe('User   Name    More\nalice  李爱丽  x\nb      Bob');
  },
);

it.each(drawings)('%s nothing is cut, however long', (_, draw) => {
  expect(draw([['User', 'x'.repeat(300)]])).toContain('x'.repeat(300));
});

it.each(drawings)('%s a long list looks like a short one', (_, draw) => {
  const rows = Array.from({ length: 201 }, (_, n) => [`user${n}`, '李'.repeat(n % 5), 'end']);
  const [long, short] = [201, 200].map((count) => draw(rows.slice(0, count)).split('\n'));
  expect(long?.slice(0, -1)).toEqual(short);
});
