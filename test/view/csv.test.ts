import { expect, it } from 'vitest';
import { formatCsv } from '../../src/view/csv.ts';

it('CSV has a header and a row for each record, with paths of nested members and joined lists', () => {
  const alice = { UserName: 'alice', LoginProfile: { Status: 'Active' }, Groups: ['a', 'b'], Email: null };
  const header = 'UserName,LoginProfile.Status,Groups,Email,Console\n';
  expect(formatCsv([alice, { UserName: 'bob', Console: false }])).toBe(`${header}alice,Active,a;b,,\nbob,,,,false\n`);
  expect(formatCsv({ Policies: [{ PolicyName: 'A', PolicyType: 'System' }, { PolicyName: 'B' }] })).toBe(
    'Policies\nA;B\n',
  );
  expect(formatCsv(['alice', 2])).toBe('Value\nalice\n2\n');
  expect(formatCsv({ Comments: 'a,"b"\nc' })).toBe('Comments\n"a,""b""\nc"\n');
});

it('A heading that a spreadsheet would run as a formula gets an apostrophe', () => {
  expect(formatCsv([{ '=1+1': 'x' }])).toBe("'=1+1\nx\n");
});

it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '＝1'])(
  'A cell that a spreadsheet would run as a formula gets an apostrophe: %j',
  (text) => {
    expect(formatCsv([{ Comments: text }])).toBe(`Comments\n'${text}\n`);
    expect(formatCsv({ Groups: [text, 'b'] })).toBe(`Groups\n'${text};b\n`);
  },
);
