import { beforeAll, describe, expect, it } from 'vitest';
import { JSON_MEMBERS } from '../../../src/cli/help/json-members.ts';
import { findDifferences } from '../../support/json-members.ts';
import { bindDevice } from '../../support/mfa.ts';
import { TestWorld } from '../../support/test-world.ts';
import { verbs } from '../../support/verbs.ts';

const world = new TestWorld();
const policy = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}';
const files = { 'p.json': policy, 'bad.json': '{', 'users.csv': 'UserName,Console,AccessKey\ncarol,true,true\n' };

beforeAll(async () => {
  for (const line of [
    'user create alice --console --access-key --policy AdministratorAccess',
    'group create ops',
    'group add ops alice',
    'policy create Mine --document p.json',
    'role create auditor',
    'policy attach Mine --user alice --group ops --role auditor',
  ]) {
    expect(await world.ramctl(line, { files })).toMatchObject({ code: 0 });
  }
  await bindDevice(world, 'alice');
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const { json } = await world.ramctl('user get alice -o json');
    const { UserPrincipalName } = json as { UserPrincipalName: string };
    await world.ramctl(`logon ${UserPrincipalName} --password-stdin`, { input: 'wrong' });
  }
  world.problems = [{ Code: 'Wrong', Message: 'wrong' }];
});

// test/process/every-verb.test.ts checks each verb with a plain directory. These results have nested members too.
it.each([
  ['user get', 'alice'],
  ['user create', 'erin --console --access-key --secret-to file:erin.csv'],
  ['user import', 'users.csv'],
  ['user delete', 'alice --cascade --dry-run'],
  ['group get', 'ops'],
  ['group delete', 'ops --cascade --dry-run'],
  ['group list', ''],
  ['role get', 'auditor'],
  ['role list', ''],
  ['role delete', 'auditor --cascade --dry-run'],
  ['policy get', 'Mine'],
  ['policy validate', 'bad.json'],
  ['policy validate', 'p.json'],
  ['policy attach', 'Mine --user alice --group ops --role auditor'],
  ['policy simulate', 'alice --action ecs:Run'],
  ['mfa get', 'alice'],
  ['mfa list', ''],
  ['ak list', 'alice'],
  ['overview', ''],
  ['directory check', ''],
  ['policy delete', 'Mine --cascade --yes'],
])('help json has exactly the members of the result: %s %s', async (name, args) => {
  const { json } = await world.ramctl(`-o json ${name} ${args}`, { files });
  expect(findDifferences(json, JSON_MEMBERS[name] ?? '')).toEqual([]);
});

it('help json has every verb that prints a result', () => {
  const names = Object.keys(JSON_MEMBERS).filter((name) => !name.includes('--'));
  expect([...names, 'completion'].sort()).toEqual(verbs.map(([name]) => name).sort());
});

describe('help json', () => {
  it('prints the members of one verb, of one noun or of all', async () => {
    const members = ['UserName', 'AccessKeyId', 'Status', 'CreateDate', 'LastUsedDate'];
    for (const line of ['help json ak list', 'help json access-key list', 'help json ak', 'help json']) {
      const { code, out, err } = await world.ramctl(line);
      expect([code, err]).toEqual([0, '']);
      for (const text of ['ak list', ...members]) expect(out).toContain(text);
    }
    expect((await world.ramctl('help json ak list')).out).not.toContain('AccessKeySecret');
    expect((await world.ramctl('help json ak')).out).not.toContain('UserId');
  });

  it('refuses a verb that does not exist', async () => {
    const { code, error } = await world.ramctl('help json nope -o json');
    expect([code, error.Hint]).toEqual([2, 'ramctl help json']);
  });
});
