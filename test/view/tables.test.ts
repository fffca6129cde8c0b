import { expect, it } from 'vitest';
import { renderPlainTable } from '../../src/view/plain-table.ts';
import { createTerminalTableRenderer } from '../../src/view/terminal-table.ts';

const renderers = [
  ['renderPlainTable', renderPlainTable],
  ['createTableRenderer', createTerminalTableRenderer(400)],
] as const;

it.each(renderers)(
  '%s makes columns as wide as their content, counts wide characters twice and adds no trailing spaces',
  (_, render) => {
    const rows = [
      ['User', 'Name', 'More'],
      ['alice', '李爱丽', 'x'],
      ['b', 'Bob', ''],
    ];
    expect(render(rows)).toBe('User   Name    More\nalice  李爱丽  x\nb      Bob');
  },
);

it.each(renderers)('%s does not cut long cells', (_, render) => {
  expect(render([['User', 'x'.repeat(300)]])).toContain('x'.repeat(300));
});

it.each(renderers)('%s formats a long list like a short one', (_, render) => {
  const rows = Array.from({ length: 201 }, (_, n) => [`user${n}`, '李'.repeat(n % 5), 'end']);
  const [long, short] = [201, 200].map((count) => render(rows.slice(0, count)).split('\n'));
  expect(long?.slice(0, -1)).toEqual(short);
});
