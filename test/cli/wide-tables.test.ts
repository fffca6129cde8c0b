import stringWidth from 'fast-string-width';
import { beforeAll, describe, expect, it } from 'vitest';
import { TestWorld } from '../support/test-world.ts';

const CHINESE = '负责人李爱丽的很长很长的显示名称'.repeat(4);
const EMOJI = '👩‍👩‍👧'.repeat(12);
const COMBINING = 'e\u0301'.repeat(50);
const COMMENTS = 'Team on call for the platform in every region '.repeat(2).trim();

const world = new TestWorld();

beforeAll(async () => {
  for (const args of [
    ['user', 'create', 'alice', '--display-name', CHINESE, '--comments', COMMENTS, '--access-key'],
    ['user', 'create', 'bob', '--display-name', EMOJI, '--console'],
    ['user', 'create', 'firstname.lastname', '--display-name', COMBINING],
    ['group', 'create', 'operators', '--comments', CHINESE],
    ['mfa', 'enable', 'firstname.lastname', '--no-bind'],
  ]) {
    expect((await world.ramctl(args)).err).not.toContain('error');
  }
});

async function readLines(line: string, width?: number): Promise<string[]> {
  const { code, out } = await world.ramctl(line, width === undefined ? {} : { width });
  expect(code).toBe(0);
  return out.trimEnd().split('\n');
}

describe('a table at a terminal', () => {
  it('cuts free text and stays a table with one line for each record', async () => {
    const lines = await readLines('user list', 80);
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(/^User +Display.* +Console +MFA +Keys +Created +Last logon$/);
    expect(lines.map((line) => /…/.test(line))).toEqual([expect.any(Boolean), true, true, true]);
    expect(lines.map((line) => stringWidth(line)).every((width) => width <= 80)).toBe(true);
    expect(lines[3]).toMatch(/^firstname\.lastname {2}/);
  });

  it.each([
    ['user list', 80],
    ['user list --columns UserName,DisplayName,Comments', 60],
    ['user list --columns UserName,DisplayName', 40],
    ['group list', 80],
    ['group list', 60],
    ['ak list alice', 80],
    ['mfa list', 80],
    ['report', 80],
  ])('%s fits a terminal of %i columns', async (line, width) => {
    const lines = await readLines(line, width);
    expect(lines.filter((text) => stringWidth(text) > width)).toEqual([]);
    expect(lines[0]).toMatch(/\S {2,}\S/);
    expect(lines[1]).not.toBe('');
  });

  it('leaves out columns before a list of policies becomes records', async () => {
    const lines = await readLines('policy list', 80);
    expect(lines[0]).toMatch(/^Policy +Type +Attached +Document$/);
    expect(lines.filter((line) => !/ {2}System {2}/.test(line))).toEqual([lines[0]]);
    expect((await readLines('policy list slb', 80))[0]).toMatch(/^Policy.* Version .* Description$/);
    expect((await readLines('policy list slb', 40))[4]).toMatch(/^Document +approximate$/);
  });

  it('cuts the widest text first', async () => {
    const [, line = ''] = await readLines('user list alice --columns DisplayName,Comments,UserName', 120);
    expect(line).toMatch(/^负责人李.*… {2}Team on call .*… {2}alice$/);
    const [, short] = await readLines('user list bob --columns UserId,DisplayName,UserName', 40);
    expect(short).toMatch(/^\d{18} {2}(👩‍👩‍👧)+… {2}bob$/u);
  });

  it('becomes records with whole texts if cutting is not enough', async () => {
    for (const width of [60, 40]) {
      const text = (await readLines('user list', width)).join('\n');
      expect(text).not.toContain('…');
      expect(text.match(/^User +\S+$/gm)).toHaveLength(3);
      for (const whole of [CHINESE, EMOJI, COMBINING]) expect(text.replace(/\n */g, '')).toContain(whole);
    }
  });

  it.each([
    ['user list --columns UserPrincipalName,UserId', /firstname\.lastname@\d{16}\.onaliyun\.com/],
    ['mfa list', /acs:ram::\d{16}:mfa\/firstname\.lastname/],
    ['ak list alice', /LTAI\w{20}/],
  ])('never cuts names and IDs: %s', async (line, whole) => {
    for (const width of [80, 60, 40, 20]) {
      const text = (await readLines(line, width)).join('\n');
      expect(text).toMatch(whole);
      expect(text).not.toContain('…');
    }
  });

  it('never cuts a secret, also if a query renames it', async () => {
    const query = '{Comments: AccessKeySecret, Description: AccessKeySecret}';
    for (const options of [
      ['--query', `[${query}]`],
      ['--query', `[${query}]`, '--columns', 'Comments'],
    ]) {
      const { out } = await world.ramctl(['ak', 'create', 'bob', ...options], { width: 20 });
      expect(out).toMatch(/^\w{30}$/m);
    }
  });
});

it('Free text is never cut in a pipe, a file or another format', async () => {
  for (const line of ['user list', 'user list -o json', 'user list -o yaml', 'user list -o csv']) {
    const text = (await readLines(line)).join('\n');
    for (const whole of [CHINESE, EMOJI, COMBINING]) expect(text).toContain(whole);
    if (line === 'user list') continue;
    expect((await readLines(line, 40)).join('\n')).toBe(text);
  }
});
