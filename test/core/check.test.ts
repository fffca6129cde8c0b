import { expect, it } from 'vitest';
import { inspect } from '../../src/core/check.ts';
import { Failure } from '../../src/core/failure.ts';
import type { UserRecord } from '../../src/core/state.ts';
import { openVault, World } from '../support/world.ts';

const world = new World();
await world.ramctl('user create alice --console --access-key --policy ReadOnlyAccess --email alice@example.com');
await world.ramctl('user create bob --access-key');

/** What the check says about a directory after some damage to it. */
async function found(damage: (alice: UserRecord, bob: UserRecord) => void, vault = openVault()) {
  const state = await world.state();
  const [alice, bob] = state.Users.values();
  if (alice && bob) damage(alice, bob);
  return inspect(state, vault);
}

it('there is nothing to say about what the rules made', async () => {
  expect(await found(() => {})).toEqual([]);
});

it.each<[string, (alice: UserRecord, bob: UserRecord) => void]>([
  ['Identifier', (alice) => Object.assign(alice, { UserId: '42' })],
  ['Identifier', (alice, bob) => Object.assign(alice, { UserId: bob.UserId })],
  ['Identifier', (alice, bob) => Object.assign(alice, { AccessKeys: bob.AccessKeys })],
  ['Identifier', (alice) => alice.AccessKeys.map((key) => Object.assign(key, { AccessKeyId: 'LTAI' }))],
  ['Value', (alice) => Object.assign(alice, { UserName: 'a b' })],
  ['Value', (alice) => Object.assign(alice, { Comments: 'a\u001b[2J' })],
  ['Value', (alice) => Object.assign(alice, { DisplayName: '' })],
  ['Value', (alice) => Object.assign(alice, { Email: 'alice' })],
  ['Value', (alice) => Object.assign(alice, { MobilePhone: '1' })],
  ['Value', (alice) => Object.assign(alice, { CreateDate: 'yesterday' })],
  ['Value', (alice) => Object.assign(alice.LoginProfile ?? {}, { Status: 'On' })],
  ['Value', (alice) => Object.assign(alice.LoginProfile ?? {}, { PasswordHash: 'Correct-Horse-9' })],
  ['Quota', (alice, bob) => alice.AccessKeys.push(...bob.AccessKeys, ...bob.AccessKeys)],
  ['Quota', (alice) => alice.Policies.push(...Array(20).fill(alice.Policies[0]))],
  ['Reference', (alice) => alice.Policies.map((policy) => Object.assign(policy, { PolicyName: 'Gone' }))],
  ['Reference', (alice) => alice.Policies.map((policy) => Object.assign(policy, { PolicyName: 'constructor' }))],
  [
    'Seal',
    (alice, bob) =>
      alice.AccessKeys.map((key) => Object.assign(key, { SealedSecret: bob.AccessKeys[0]?.SealedSecret })),
  ],
])('%s: found after %s', async (code, damage) => {
  const findings = await found(damage);
  expect(findings.map(({ Code }) => Code)).toContain(code);
  expect(JSON.stringify(findings)).not.toMatch(/Correct-Horse-9|\u001b/);
});

it('a key that does not fit is found once, and the rest is looked at all the same', async () => {
  const missing = () => {
    throw new Failure('broken', 'KeyFileMissing', 'the key file is missing');
  };
  const findings = await found((alice) => Object.assign(alice, { CreateDate: '' }), {
    ...openVault(),
    expect: missing,
    open: missing,
  });
  expect(findings.map(({ Code }) => Code)).toEqual(['Key', 'Value']);
});
