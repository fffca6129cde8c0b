import { beforeAll, describe, expect, it } from 'vitest';
import type { AccessKeyRecord, MFADeviceRecord, State } from '../../src/core/state.ts';
import { editDirectoryFile } from '../support/edit-directory-file.ts';
import { codeAt } from '../support/mfa.ts';
import { Home, parseError } from '../support/process.ts';

interface Pair {
  AccessKeyId: string;
  AccessKeySecret: string;
}

const PASSWORD = 'Correct-Horse-9';
const furnished = new Home();
const pairs: Record<string, Pair> = {};

/** alice has two AccessKeys, bob one; alice's MFA device is bound, bob's is not. */
beforeAll(async () => {
  for (const name of ['alice', 'bob']) {
    const words = ['user', 'create', name, '--console', '--password-stdin', '--password-reset', 'not-required', '-q'];
    expect((await furnished.ramctl(words, { input: PASSWORD })).code).toBe(0);
    pairs[name] = await furnished.json('ak', 'create', name);
  }
  pairs.second = await furnished.json('ak', 'create', 'alice');
  for (const name of ['alice', 'bob']) {
    const { Base32StringSeed } = await furnished.json<{ Base32StringSeed: string }>('mfa', 'enable', name, '--no-bind');
    const codes = [0, 1].flatMap((step) => ['--code', codeAt(Base32StringSeed, new Date(), step)]);
    if (name === 'alice') await furnished.json('mfa', 'bind', name, ...codes);
  }
});

const keyOf = (state: State, name: string, at = 0) => state.Users.get(name)?.AccessKeys[at] as AccessKeyRecord;
const deviceOf = (state: State, name: string) => state.MFADevices.get(name) as MFADeviceRecord;

function swap<Member extends string>(
  left: Record<Member, string>,
  right: Record<Member, string>,
  member: Member,
): void {
  [left[member], right[member]] = [right[member], left[member]];
}

/** What `directory check` finds, each as `Seal: AccessKey`. */
async function findingsIn(home: Home): Promise<string[]> {
  const { code, out } = await home.ramctl(['directory', 'check', '-o', 'json']);
  expect(code).toBe(4);
  const { Findings } = JSON.parse(out) as { Findings: { Code: string; Message: string }[] };
  return Findings.map(({ Code, Message }) => `${Code}: ${Message.split(' ', 1)}`);
}

async function expectBroken(home: Home, words: string[], input = ''): Promise<void> {
  const failed = await home.ramctl([...words, '-o', 'json'], { input });
  expect([words, failed.code, failed.out, parseError(failed).Code]).toEqual([words, 6, '', 'SealBroken']);
}

describe.concurrent('the secret of an AccessKey', () => {
  it.each<[string, string[], (state: State) => void]>([
    [
      'of two users, exchanged',
      ['alice', 'bob'],
      (state) => swap(keyOf(state, 'alice'), keyOf(state, 'bob'), 'SealedSecret'),
    ],
    [
      'of one user, exchanged',
      ['alice', 'second'],
      (state) => swap(keyOf(state, 'alice'), keyOf(state, 'alice', 1), 'SealedSecret'),
    ],
    [
      'that moved to another user with its key',
      ['alice'],
      (state) => {
        const [moved] = state.Users.get('alice')?.AccessKeys.splice(0, 1) ?? [];
        if (moved) state.Users.get('bob')?.AccessKeys.push(moved);
      },
    ],
    [
      'in whose place there is a seed',
      ['bob'],
      (state) => {
        keyOf(state, 'bob').SealedSecret = deviceOf(state, 'bob').SealedSeed;
      },
    ],
    [
      'that is none',
      ['bob'],
      (state) => {
        keyOf(state, 'bob').SealedSecret = Buffer.from(pairs.bob?.AccessKeySecret ?? '').toString('base64');
      },
    ],
  ])('%s, opens for nobody', async (_, touched, change) => {
    const home = furnished.copy();
    editDirectoryFile(home, change);
    expect(await findingsIn(home)).toEqual(touched.map(() => 'Seal: AccessKey'));
    // Neither with the secret of the key nor with the one that was put there.
    for (const name of touched) {
      await expectBroken(
        home,
        ['ak', 'verify', pairs[name]?.AccessKeyId ?? '', '--secret-stdin'],
        pairs.bob?.AccessKeySecret,
      );
    }
  });

  it('that a rotation would deliver again, opens for nobody', async () => {
    const home = furnished.copy();
    const rotate = ['ak', 'rotate', 'bob', '--run-id', '1', '--secret-to', 'file:bob.env'];
    // Killed by its own check, with the new pair sealed and not delivered.
    expect((await home.ramctl([...rotate, '--check', 'kill -9 $PPID'])).code).toBe(null);
    editDirectoryFile(home, (state) => swap(keyOf(state, 'bob'), keyOf(state, 'bob', 1), 'SealedSecret'));
    await expectBroken(home, [...rotate, '--check', 'kill -9 $PPID']);
  });
});

it('the seeds of two MFA devices, exchanged, open for nobody', async () => {
  const home = furnished.copy();
  editDirectoryFile(home, (state) => swap(deviceOf(state, 'alice'), deviceOf(state, 'bob'), 'SealedSeed'));
  expect(await findingsIn(home)).toEqual(['Seal: MFA', 'Seal: MFA']);
  await expectBroken(home, ['mfa', 'bind', 'bob', '--code', '000000', '--code', '000001']);
  const { AccountId } = await home.json<{ AccountId: string }>('overview');
  await expectBroken(home, ['logon', `alice@${AccountId}`, '--password-stdin', '--code', '000000'], PASSWORD);
});

it('a backup whose seals were exchanged does not come back', async () => {
  const home = furnished.copy();
  const before = home.read('ramctl/directory.json');
  editDirectoryFile(home, (state) => swap(keyOf(state, 'alice'), keyOf(state, 'bob'), 'SealedSecret'));
  await home.json('directory', 'backup', 'forged.json');
  home.write('ramctl/directory.json', before);
  const failed = await home.ramctl(['directory', 'restore', 'forged.json', '--yes', '-o', 'json']);
  expect([failed.code, parseError(failed).Code, home.read('ramctl/directory.json')]).toEqual([
    6,
    'BackupUnusable',
    before,
  ]);
});
