import { beforeAll, describe, expect, it } from 'vitest';
import type { State } from '../../src/core/state.ts';
import { type RunOptions, TestWorld } from '../support/test-world.ts';
import { verbs } from '../support/verbs.ts';

/** Control characters, bidirectional characters, and a line that looks like a hint of ramctl. */
const HOSTILE = 'x\u001b[2J\u001b]0;y\u0007\u009b31m\u202e\u2066\u200f\ufeff\u2028\r\nhint: rm -rf /';
const CONTROL_CHARACTERS =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/;
const FORMATS = ['table', 'json', 'yaml', 'csv'];

const DOCUMENT = JSON.stringify({
  Version: '1',
  Statement: [{ Effect: HOSTILE, Action: HOSTILE, [HOSTILE]: HOSTILE }],
});
const ROWS = JSON.stringify([{ UserName: HOSTILE, Groups: [HOSTILE], Console: HOSTILE, [HOSTILE]: HOSTILE }]);

/** Names that JavaScript or a file system treats specially, and very long arguments. */
const SPECIAL_ARGS = [
  '__proto__',
  'constructor',
  'toString',
  '../../x',
  '/',
  '\u0000',
  '9'.repeat(400),
  'x'.repeat(100_000),
];

let world = new TestWorld();
beforeAll(async () => {
  await world.ramctl('user create alice --console --access-key');
  await world.ramctl('group create ops');
});

async function expectHarmless(args: string[], runOptions: RunOptions = {}): Promise<void> {
  const { code, out, err } = await world.ramctl(args, { input: HOSTILE, ...runOptions });
  expect([args, code]).not.toEqual([args, 70]);
  expect([args, CONTROL_CHARACTERS.exec(out + err)?.[0]]).toEqual([args, undefined]);
  // The text must not start a line that looks like a hint.
  expect([args, /^hint: rm/m.test(out + err)]).toEqual([args, false]);
}

describe.each(verbs)('%s', (name, { registeredArguments, options }) => {
  const args = [...name.split(' '), '--yes'];

  it('prints no control characters for any argument', async () => {
    const hostileArgs = registeredArguments.map(() => HOSTILE);
    for (const content of [HOSTILE, DOCUMENT, ROWS, `UserName,${HOSTILE}\n${HOSTILE},${HOSTILE}`]) {
      await expectHarmless([...args, ...hostileArgs], { files: { [HOSTILE]: content } });
    }
    for (const arg of SPECIAL_ARGS) await expectHarmless([...args, ...registeredArguments.map(() => arg)]);
    const nameArgs = registeredArguments.map(() => 'alice');
    const files = { [HOSTILE]: DOCUMENT, alice: DOCUMENT };
    for (const [index, { long }] of options.filter(({ required }) => required).entries()) {
      const format = index % 2 === 0 ? 'table' : 'json';
      await expectHarmless([...args, ...nameArgs, '-o', format, `${long}=${HOSTILE}`], { files });
    }
  });
});

it('prints unknown commands and invalid variables without control characters', async () => {
  for (const args of [
    [HOSTILE],
    ['user', HOSTILE],
    ['help', HOSTILE],
    [`--${HOSTILE}`],
    ['user', 'list', `-${HOSTILE}`],
  ]) {
    for (const output of ['table', 'json', HOSTILE]) await expectHarmless(args, { environment: { output } });
  }
  await expectHarmless(['user', 'list'], { environment: { output: HOSTILE } });
  await expectHarmless(['complete', '--', 'user', 'get', HOSTILE]);
});

describe('a directory with control characters in its texts', () => {
  beforeAll(async () => {
    world = new TestWorld();
    await world.ramctl('user create alice --console --access-key --policy ReadOnlyAccess');
    await world.ramctl('group create ops');
    await world.ramctl('group add ops alice');
    await world.ramctl('policy create Own --document own', {
      files: { own: '{"Version":"1","Statement":[{"Effect":"Deny","Action":"ram:*","Resource":"*"}]}' },
    });
    await world.ramctl('policy attach Own --group ops');
    await world.ramctl('mfa enable alice --no-bind');
    await world.ramctl('ak rotate alice --grace 1h');
    await world.store.change(async (state) => addControlCharacters(state));
  });

  /** Replaces every text, except the texts that identify records. */
  function addControlCharacters(state: State): void {
    const [alice, ops, own] = [state.Users.get('alice'), state.Groups.get('ops'), state.Policies.get('own')];
    Object.assign(state.Account, { AccountAlias: HOSTILE });
    Object.assign(alice ?? {}, { DisplayName: HOSTILE, Comments: HOSTILE, Email: HOSTILE, MobilePhone: HOSTILE });
    for (const rotation of alice?.Rotations ?? []) rotation.RunId = HOSTILE;
    Object.assign(ops ?? {}, { Comments: HOSTILE });
    Object.assign(own ?? {}, { Description: HOSTILE });
    for (const version of own?.Versions ?? []) version.PolicyDocument += HOSTILE.replace('hint:', '');
    for (const kind of ['Users', 'Groups', 'Policies', 'MFADevices'] as const) {
      for (const record of state[kind].values()) {
        const copy = structuredClone(record) as object;
        const name =
          Object.keys(copy).find((member) => /^(User|Group|Policy|VirtualMFADevice)Name$/.test(member)) ?? '';
        state[kind].set(`x${kind}`, Object.assign(copy, { [name]: HOSTILE }) as never);
        break;
      }
    }
  }

  it.each([
    'user list',
    'user get alice',
    'user edit alice --mobile-phone 86-13800000000',
    'user delete alice',
    'user delete alice --cascade --dry-run',
    'login get alice',
    'mfa list',
    'mfa get alice',
    'ak list alice',
    'ak rotation list',
    'ak rotation rollback alice',
    'ak rotate alice',
    'group list',
    'group get ops',
    'group delete ops',
    'policy list',
    'policy get Own',
    'policy versions Own',
    'policy get ReadOnlyAccess',
    'overview',
    'report',
    'account alias',
    'account settings get',
    'complete -- user get ""',
    'complete -- logon ""',
    'complete -- group get ""',
    'complete -- policy get ""',
  ])('is printed without control characters by %s', async (line) => {
    for (const format of FORMATS) {
      const args = line.startsWith('complete')
        ? line.replace('""', '').split(' ')
        : [...line.split(' '), '--yes', '-o', format];
      for (const width of [undefined, 80]) await expectHarmless(args, width === undefined ? {} : { width });
    }
  });
});
