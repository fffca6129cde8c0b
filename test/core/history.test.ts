import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { validateState } from '../../src/core/validate-state.ts';
import { failure } from '../support/failures.ts';
import { bindDevice, codeAt, createUnboundDevice } from '../support/mfa.ts';
import { createPlainVault, TestWorld } from '../support/test-world.ts';

const COMMANDS = [
  ['user create USER', 'user create USER --console --access-key --group GROUP --policy CUSTOM'],
  ['user edit USER --name OTHER', 'user edit USER --comments TEXT', 'user delete USER', 'user delete USER --cascade'],
  ['user import rows.csv --skip-existing', 'user delete USER OTHER --cascade', 'user edit USER --tag team=TEXT'],
  ['ak create USER', 'ak disable USER KEY', 'ak enable USER KEY', 'ak delete USER KEY --force', 'ak rotate USER'],
  ['ak rotate USER --grace 1h', 'ak rotation finish USER', 'ak rotation rollback USER', 'ak verify KEY --secret-stdin'],
  ['login set USER --generate-password', 'login set USER --mfa required', 'login delete USER', 'login disable USER'],
  ['mfa enable USER --no-bind', 'mfa disable USER', 'mfa delete USER'],
  ['policy attach ReadOnlyAccess --user USER', 'policy detach ReadOnlyAccess --user USER'],
  ['policy attach CUSTOM --group GROUP', 'policy attach CUSTOM --role reader', 'policy detach CUSTOM --group GROUP'],
  ['policy create CUSTOM --document allow', 'policy edit CUSTOM --document deny', 'policy set-default CUSTOM v1'],
  ['policy delete CUSTOM --cascade', 'policy delete CUSTOM'],
  ['group create GROUP', 'group edit GROUP --name GROUPS', 'group edit GROUP --comments TEXT', 'group add GROUP USER'],
  ['group remove GROUP USER', 'group delete GROUP', 'group delete GROUP GROUPS --cascade'],
  ['role create reader --trusted-service ecs.aliyuncs.com', 'role delete reader --cascade'],
  ['account alias TEXT', 'account alias --clear', 'account settings set --max-password-age 90'],
].flat();

const user = fc.constantFrom('alice', 'ALICE', 'bob', '__proto__');
const group = fc.constantFrom('ops', 'OPS', 'dev');
const command = fc.record({
  line: fc.constantFrom(...COMMANDS),
  USER: user,
  OTHER: user,
  GROUP: group,
  GROUPS: group,
  CUSTOM: fc.constantFrom('Own', 'OWN', 'constructor'),
  TEXT: fc.constantFrom('first', 'second'),
});

const statement = (Effect: string) =>
  JSON.stringify({ Version: '1', Statement: [{ Effect, Action: 'ram:*', Resource: '*' }] });
const files = {
  allow: statement('Allow'),
  deny: statement('Deny'),
  'rows.csv': 'UserName,AccessKey,Groups,Policies\ncarol,yes,,\nerin,,,\n',
};
const vault = createPlainVault();
const entriesOf = (world: TestWorld) => world.history.list({});
const latestId = async (world: TestWorld) => (await entriesOf(world))[0]?.ChangeId ?? '';
const run = async (world: TestWorld, ...lines: string[]) => {
  for (const line of lines) {
    const { code, err } = await world.ramctl(`${line} -y`, { files });
    expect([line, code, err.includes('error')]).toEqual([line, 0, false]);
  }
};

/** The state as sorted text, without what only counts uses. */
async function readState(world: TestWorld): Promise<string> {
  const { Account, ...lists } = await world.state();
  const sorted = Object.values(lists).map((records) =>
    Array.from<object, string>(records.values(), (record) => JSON.stringify(record)).sort(),
  );
  const { KeyFingerprint: _, ...account } = Account;
  // The members of an object can have another order after a member was removed and restored.
  const normal = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(normal)
      : typeof value === 'object' && value !== null
        ? Object.fromEntries(
            Object.entries(value)
              .filter(([name]) => !['LastUsedDate', 'LastLoginDate', 'NewKeyUsed', 'LatestVersion'].includes(name))
              .map(([name, member]): [string, unknown] => [name, normal(member)])
              .sort(([left], [right]) => (left < right ? -1 : 1)),
          )
        : value;
  return JSON.stringify([
    normal(account),
    ...sorted.map((lines) => lines.map((line) => normal(JSON.parse(line) as unknown))),
  ]);
}

it('after any sequence of commands, undoing all changes in reverse gives the first directory, and undoing that the last one', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: 20, size: 'max' }), async (commands) => {
      const world = new TestWorld();
      await run(world, 'group create ops', 'user create alice --console --access-key --group ops');
      await run(world, 'policy create Own --document allow', 'policy attach Own --user alice');
      const before = await readState(world);
      const given = (await entriesOf(world)).length;
      for (const { line, ...values } of commands) {
        const [key] = Array.from((await world.state()).Users.values()).flatMap(({ AccessKeys }) => AccessKeys);
        const filled: Record<string, string> = { ...values, KEY: key?.AccessKeyId ?? 'LTAIx' };
        const args = line.split(' ').map((arg) => arg.replace(/[A-Z]+$/, (name) => filled[name] ?? name));
        const input = key?.SealedSecret.split('|')[1] ?? '';
        await world.ramctl([...args, '-y', '-q'], { files, input });
      }
      const after = await readState(world);
      const undoAll = async (count: number) => {
        const ids = (await entriesOf(world)).slice(0, count).map(({ ChangeId }) => ChangeId);
        for (const id of ids) {
          const preview = await world.history.previewUndo(id);
          expect((await world.history.undo(id)).Records).toEqual(preview);
          expect(await validateState(await world.state(), vault)).toEqual([]);
        }
        return ids.length;
      };
      const undone = await undoAll((await entriesOf(world)).length - given);
      expect(await readState(world)).toBe(before);
      await undoAll(undone);
      expect(await readState(world)).toBe(after);
    }),
    { numRuns: 15 },
  );
});

it('the undo of a deletion restores keys, console logon, groups, policies and MFA device', async () => {
  const world = new TestWorld();
  await run(world, 'group create ops', 'policy create Own --document allow');
  await run(world, 'user create alice --console --access-key --group ops --policy Own --policy ReadOnlyAccess');
  await bindDevice(world, 'alice');
  await run(world, 'user edit alice --tag team=iot');
  const before = await readState(world);
  await run(world, 'user delete alice --cascade');
  const id = await latestId(world);
  const change = await world.history.get(id);
  expect(change).toMatchObject({ Actor: 'tester', Command: 'ramctl user delete alice --cascade -y', CanUndo: true });
  expect(change.Summary).toBe('deleted user alice; deleted MFA device alice');
  const { Records } = await world.history.undo(id);
  expect(Records.map(({ Kind, Name, Before }) => [Kind, Name, Before])).toEqual([
    ['User', 'alice', null],
    ['MFADevice', 'alice', null],
  ]);
  expect(await readState(world)).toBe(before);
});

it('an undo accepts no MFA code again, and keeps the counts of later uses', async () => {
  const world = new TestWorld();
  await run(world, 'user create alice --console');
  const { seed, codes } = await createUnboundDevice(world, 'alice');
  await run(world, `mfa bind alice --code ${codes[0]} --code ${codes[1]}`);
  const steps = async () => (await world.state()).MFADevices.get('alice')?.LastTimeStep;
  const used = await steps();
  await world.history.undo(await latestId(world));
  expect([used, await steps()]).toEqual([expect.any(Number), used]);
  const { code } = await world.ramctl(`mfa bind alice --code ${codes[0]} --code ${codes[1]}`);
  expect(code).not.toBe(0);
  world.clock.step(120);
  const next = [0, 1].map((step) => codeAt(seed, world.clock.now(), step));
  await run(world, `mfa bind alice --code ${next[0]} --code ${next[1]}`);
});

it('an undo lets no policy version get the number of an earlier one, and earlier changes can be undone too', async () => {
  const world = new TestWorld();
  await run(world, 'policy create Own --document allow');
  const created = await latestId(world);
  await run(world, 'policy edit Own --document deny');
  const edited = await latestId(world);
  await world.history.undo(edited);
  await run(world, 'policy edit Own --document deny');
  const versions = (await world.state()).Policies.get('own')?.Versions.map(({ VersionId }) => VersionId);
  expect(versions).toEqual(['v1', 'v3']);
  await world.history.undo(await latestId(world));
  await world.history.undo(created);
  expect((await world.state()).Policies.size).toBe(0);
});

it('a use of an AccessKey does not prevent the undo of an earlier change, and remains', async () => {
  const world = new TestWorld();
  await run(world, 'user create alice --access-key', 'user edit alice --comments first');
  const id = await latestId(world);
  const [key] = (await world.state()).Users.get('alice')?.AccessKeys ?? [];
  await run(world, `ak verify ${key?.AccessKeyId} --secret-stdin`).catch(() => {});
  const input = key?.SealedSecret.split('|')[1] ?? '';
  expect((await world.ramctl(`ak verify ${key?.AccessKeyId} --secret-stdin`, { input })).code).toBe(0);
  await world.history.undo(id);
  const alice = (await world.state()).Users.get('alice');
  expect([alice?.Comments, alice?.AccessKeys[0]?.LastUsedDate]).toEqual([undefined, expect.any(String)]);
});

describe('an undo is refused, and changes nothing,', () => {
  it.each<[string, string[], string, string[]]>([
    [
      'after another change of the record',
      ['user create alice'],
      'user edit alice --comments a',
      ['user edit alice --comments b'],
    ],
    ['when the name was taken', ['user create alice'], 'user delete alice', ['user create Alice']],
    [
      'when a group of the user was deleted',
      ['group create ops', 'user create alice --group ops'],
      'user delete alice --cascade',
      ['group delete ops'],
    ],
    [
      'when a policy of the user was deleted',
      ['policy create Own --document allow', 'user create alice --policy Own'],
      'user delete alice --cascade',
      ['policy delete Own'],
    ],
    ['when the new group has members', ['user create alice'], 'group create ops', ['group add ops alice']],
    [
      'when the new policy is attached',
      ['user create alice'],
      'policy create Own --document allow',
      ['policy attach Own --user alice'],
    ],
    ['when the settings changed again', [], 'account alias acme', ['account alias acme-2']],
  ])('%s', async (_, before, line, later) => {
    const world = new TestWorld();
    await run(world, ...before, line);
    const id = await latestId(world);
    await run(world, ...later);
    const state = await readState(world);
    for (const attempt of [world.history.previewUndo(id), world.history.undo(id)]) {
      const error = await attempt.catch((thrown) => thrown);
      expect(error).toEqual(failure('refused', 'ChangedMeanwhile'));
      expect(error.details.Errors).toHaveLength(1);
    }
    expect(await readState(world)).toBe(state);
  });

  it('after a rename, and names the new name', async () => {
    const world = new TestWorld();
    await run(world, 'user create alice', 'user edit alice --name carol');
    const [, created] = await entriesOf(world);
    const error = await world.history.undo(created?.ChangeId ?? '').catch((thrown) => thrown);
    expect(error.message).toBe('user alice (now carol) changed in the meantime');
  });

  it('when the new user has an MFA device', async () => {
    const world = new TestWorld();
    await run(world, 'user create alice');
    const id = await latestId(world);
    await bindDevice(world, 'alice');
    await expect(world.history.undo(id)).rejects.toThrow(failure('refused', 'ChangedMeanwhile'));
    expect((await world.state()).Users.size).toBe(1);
  });

  it('when the directory then exceeds a quota', async () => {
    const world = new TestWorld();
    await run(world, 'user create alice', 'user delete alice');
    const id = await latestId(world);
    await world.store.change(async ({ Users }) => {
      for (let n = 0; n < 5000; n += 1) {
        const UserId = String(n).padStart(18, '1');
        const CreateDate = '2026-01-01T00:00:00Z';
        const empty = { AccessKeys: [], Groups: [], Policies: [] };
        Users.set(`user${n}`, { UserName: `user${n}`, UserId, CreateDate, UpdateDate: CreateDate, ...empty });
      }
    });
    await expect(world.history.undo(id)).rejects.toThrow(failure('refused', 'ChangedMeanwhile'));
  });
});

it('get and undo name a change that does not exist', async () => {
  const world = new TestWorld();
  for (const attempt of [world.history.get('9-abcdef'), world.history.undo('9-abcdef')]) {
    await expect(attempt).rejects.toThrow(failure('missing', 'EntityNotExist.Change'));
  }
});

it('list returns the newest changes first, and filters by user, date and number', async () => {
  const world = new TestWorld();
  await run(world, 'user create alice', 'group create ops', 'user create bob', 'user edit alice --name carol');
  const list = async (filter: Parameters<TestWorld['history']['list']>[0]) =>
    (await world.history.list(filter)).map(({ Summary }) => Summary);
  const all = ['renamed user alice to carol', 'created user bob', 'created group ops', 'created user alice'];
  expect(await list({})).toEqual(all);
  expect(await list({ userName: 'ALICE' })).toEqual([all[0], all[3]]);
  expect(await list({ userName: 'carol' })).toEqual([all[0], all[3]]);
  expect(await list({ limit: 2 })).toEqual(all.slice(0, 2));
  const [, bob] = await world.history.list({});
  expect(await list({ since: new Date(bob?.Date ?? '') })).toEqual(all.slice(0, 2));
});

it('get returns the records without secrets and hashes', async () => {
  const world = new TestWorld();
  await run(world, 'user create alice --console --access-key');
  await bindDevice(world, 'alice');
  await run(world, 'user delete alice --cascade');
  const texts = await Promise.all(
    (await entriesOf(world)).map(async ({ ChangeId }) => JSON.stringify(await world.history.get(ChangeId))),
  );
  expect(texts.join()).toContain('AccessKeyId');
  expect(texts.join()).not.toMatch(/Sealed|Hash|argon2|LastTimeStep/);
});

it.each([
  [
    'user create alice --console --access-key --group ops --policy Own',
    /^created user alice; created a console logon for alice; created AccessKey LTAI\w+ of alice; added alice to group ops; attached policy Own to user alice$/,
  ],
  ['group add ops bob', /^added bob to group ops$/],
  ['group edit ops --name crew', /^renamed group ops to crew$/],
  [
    'policy attach Own ReadOnlyAccess --group ops',
    /^attached policy Own to group ops; attached policy ReadOnlyAccess to /,
  ],
  ['policy edit Own --document deny', /^created version v2 of policy Own; made v2 the default of policy Own$/],
  ['login set bob --generate-password', /^created a console logon for bob$/],
  [
    'user edit bob --comments new --display-name Bob',
    /^changed (Comments, DisplayName|DisplayName, Comments) of user bob$/,
  ],
  ['account alias acme', /^set the alias to acme$/],
  ['account settings set --max-password-age 90', /^changed the password policy$/],
  ['user import rows.csv', /^created user carol; created AccessKey \w+ of carol; created user erin$/],
  ['user edit bob --tag team=iot', /^changed Tags of user bob$/],
])('the summary of: %s', async (line, summary) => {
  const world = new TestWorld();
  await run(world, 'group create ops', 'policy create Own --document allow', 'user create bob', line);
  const [change] = await world.history.list({});
  expect(change?.Summary).toMatch(summary);
});
