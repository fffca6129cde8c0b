import { describe, expect, it } from 'vitest';
import { TestWorld } from '../../support/test-world.ts';

const world = new TestWorld();

describe('policy validate', () => {
  const document = (more: object) =>
    JSON.stringify(
      { Version: '1', Statement: [{ Effect: 'Allow', Action: 'iot:*', Resource: '*', ...more }] },
      null,
      2,
    );
  const files: Record<string, string> = {
    good: document({}),
    wild: document({ Action: '*' }),
    broken: document({ Effect: 'Maybe', Action: 'iot' }),
    operator: document({ Condition: { StringSame: { 'x:y': 'z' } } }),
    unreachable: document({ Resource: 'acs:oss:*:*:bucket/*' }),
    text: 'not JSON',
    empty: '',
    long: document({}).padEnd(6145),
  };
  const error = (Line: number, Column: number, Code = 'MalformedPolicyDocument') => {
    return { Severity: 'Error', Code, Message: expect.any(String), Line, Column };
  };
  const warning = (Code: string, Line: number, Column: number) => {
    return { Severity: 'Warning', Code, Message: expect.any(String), Line, Column };
  };

  it.each([
    ['good', 0, []],
    ['wild', 0, [warning('AllowsEverything', 4, 5)]],
    ['unreachable', 0, [warning('NeverMatches', 7, 19)]],
    ['broken', 4, [error(5, 17), error(6, 17)]],
    ['operator', 4, [error(9, 9)]],
    ['text', 4, [error(1, 1)]],
    ['empty', 4, [error(1, 1)]],
    ['long', 4, [error(1, 1, 'InvalidParameter.PolicyDocument.Length')]],
  ])('%s.json leads to exit code %i, and every finding has line and column', async (name, exit, Findings) => {
    const fromFile = await world.ramctl(`policy validate ${name} -o json`, { files });
    expect([fromFile.code, fromFile.json, fromFile.err]).toEqual([exit, { Valid: exit === 0, Findings }, '']);
    const { code, out } = await world.ramctl('policy validate - -o json', { input: files[name] ?? '' });
    expect([code, out]).toEqual([exit, fromFile.out]);
  });

  it('prints line and column of each finding in the table on stdout', async () => {
    const { code, out, err } = await world.ramctl('policy validate broken', { files });
    expect([code, err]).toEqual([4, '']);
    expect(out).toMatch(/^5:17 +Error .*\n6:17 +Error .*\n\n.*reject/m);
    expect(await world.ramctl('policy validate good', { files })).toMatchObject({
      code: 0,
      out: expect.stringContaining('would accept'),
    });
  });

  it('ends with exit code 3 if the file does not exist', async () => {
    expect(await world.ramctl('policy validate gone -o json')).toMatchObject({ code: 3, out: '' });
  });
});
