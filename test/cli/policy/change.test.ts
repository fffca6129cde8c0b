import { beforeEach, describe, expect, it } from 'vitest';
import type { PolicyDetails } from '../../../src/core/workflows/policy.ts';
import { type RunOptions, TestWorld } from '../../support/test-world.ts';

/** A policy document with one member per line, so that errors have distinct lines. */
function document(statement: object = {}): string {
  const merged = { Effect: 'Allow', Action: 'iot:Query*', Resource: '*', ...statement };
  return `${JSON.stringify({ Version: '1', Statement: [merged] }, null, 2)}\n`;
}

const files: Record<string, string> = {
  'allow.json': document(),
  'deny.json': document({ Effect: 'Deny' }),
  'wild.json': document({ Action: '*' }),
  'maybe.json': document({ Effect: 'Maybe' }),
  'worse.json': document({ Effect: 'Maybe', Action: 'iot' }),
  'users.csv': 'UserName\n',
  'longest.json': document().padEnd(6144),
  'longer.json': document().padEnd(6145),
};
let world = new TestWorld();
const ramctl = (line: string, situation: RunOptions = {}) => world.ramctl(line, { files, ...situation });
const getPolicy = async (flags = ''): Promise<PolicyDetails> => (await ramctl(`policy get Own ${flags} -o json`)).json;
const listVersions = async (): Promise<string[]> =>
  (await ramctl('policy versions Own -o json --query "[].VersionId"')).json;
/** Adds versions until the policy has `count` of them. */
async function addVersions(count: number) {
  for (let n = 1; n < count; n += 1) await ramctl('policy edit Own --document deny.json --not-default');
}

beforeEach(async () => {
  world = new TestWorld();
  await ramctl('policy create Own --document allow.json --description "reads of IoT"');
});

describe('policy create', () => {
  it.each([
    ['allow.json', {}],
    ['-', { input: document() }],
  ])('stores the document from %s unchanged and prints the policy like policy get', async (path, situation) => {
    const { code, json, err } = await ramctl(`policy create New-1 --document ${path} -o json`, situation);
    expect([code, err]).toEqual([0, '']);
    expect(json).toEqual({
      PolicyName: 'New-1',
      PolicyType: 'Custom',
      Description: null,
      DefaultVersion: 'v1',
      AttachmentCount: 0,
      CreateDate: '2026-01-01T00:00:02Z',
      UpdateDate: '2026-01-01T00:00:02Z',
      PolicyDocument: document(),
      VersionId: 'v1',
      IsDefaultVersion: true,
      Users: [],
      Groups: [],
      Roles: [],
    });
    expect((await ramctl('policy get NEW-1 -o json')).json).toEqual(json);
  });

  it.each([
    ['ReadOnlyAccess --document allow.json', 1, 'EntityAlreadyExists.Policy'],
    ['readonlyaccess --document allow.json', 1, 'EntityAlreadyExists.Policy'],
    ['OWN --document allow.json', 1, 'EntityAlreadyExists.Policy'],
    ['under_score --document allow.json', 1, 'InvalidParameter.PolicyName.InvalidChars'],
    [`${'x'.repeat(129)} --document allow.json`, 1, 'InvalidParameter.PolicyName.Length'],
    [`New --document allow.json --description ${'x'.repeat(1025)}`, 1, 'InvalidParameter.Description.Length'],
    ['New --document users.csv', 1, 'MalformedPolicyDocument'],
    ['New --document longer.json', 1, 'InvalidParameter.PolicyDocument.Length'],
    ['New --document gone.json', 3, 'FileNotFound'],
    ['New', 2, 'Usage'],
    ['--document allow.json', 2, 'Usage'],
  ])('policy create %s fails and creates nothing', async (words, exit, Code) => {
    const before = await world.state();
    const { code, out, error } = await ramctl(`policy create ${words} -o json`);
    expect([code, out, error.Code]).toEqual([exit, '', Code]);
    expect(await world.state()).toEqual(before);
  });

  it('accepts a document of 6144 characters', async () => {
    expect((await ramctl('policy create Long --document longest.json')).code).toBe(0);
  });

  it('reports each error of a document with line and column, and remarks on a document that allows everything', async () => {
    const { error } = await ramctl('policy create New --document maybe.json -o json');
    expect(error.Message).toMatch(/line 5, column 17: Effect/);
    const two = await ramctl('policy create New --document worse.json -o json');
    expect(two.error).toMatchObject({
      Code: 'MalformedPolicyDocument',
      Message: error.Message,
      Errors: [
        { Code: 'MalformedPolicyDocument', Message: error.Message },
        { Code: 'MalformedPolicyDocument', Message: expect.stringMatching(/^line 6, column 17: /) },
      ],
    });
    const { code, err } = await ramctl('policy create New --document wild.json');
    expect([code, err]).toEqual([0, expect.stringMatching(/^remark: line 4, column 5: .*every action.*\n$/)]);
    expect((await ramctl('policy create Quiet --document wild.json -q')).err).toBe('');
  });
});

describe('policy list', () => {
  it('--type custom lists custom policies with the number of their users and groups', async () => {
    for (const line of ['user create alice', 'user create bob', 'group create ops']) await ramctl(line);
    await ramctl('policy attach Own ReadOnlyAccess --user alice --user bob --group ops');
    expect((await ramctl('policy list --type custom -o json')).json).toMatchObject([
      {
        PolicyName: 'Own',
        PolicyType: 'Custom',
        Description: 'reads of IoT',
        DefaultVersion: 'v1',
        AttachmentCount: 3,
      },
    ]);
    const query = '--query "[?AttachmentCount>`0`].PolicyName"';
    expect((await ramctl(`policy list --type system -o json ${query}`)).json).toEqual(['ReadOnlyAccess']);
    expect((await ramctl(`policy list -o json ${query}`)).json).toEqual(['Own', 'ReadOnlyAccess']);
    expect((await ramctl('policy list "of iot" -o json --query [].PolicyName')).json).toEqual(['Own']);
  });
});

describe('policy edit', () => {
  it('makes a new document the default version and keeps the old version', async () => {
    const { code, json } = await ramctl('policy edit OWN --document deny.json -o json');
    expect([code, json]).toMatchObject([
      0,
      { DefaultVersion: 'v2', VersionId: 'v2', IsDefaultVersion: true, PolicyDocument: document({ Effect: 'Deny' }) },
    ]);
    expect(await getPolicy('--version-id v1')).toMatchObject({
      DefaultVersion: 'v2',
      VersionId: 'v1',
      IsDefaultVersion: false,
      PolicyDocument: document(),
    });
  });

  it('--not-default keeps the default version', async () => {
    const { code, out } = await ramctl('policy edit Own --document - --not-default', {
      input: document({ Effect: 'Deny' }),
    });
    expect([code, out]).toEqual([0, expect.stringMatching(/^Version +v2$/m)]);
    expect(await getPolicy()).toMatchObject({ DefaultVersion: 'v1', PolicyDocument: document() });
    expect((await ramctl('policy versions own -o json')).json).toEqual([
      { VersionId: 'v1', IsDefaultVersion: true, PolicyDocument: document(), CreateDate: '2026-01-01T00:00:01Z' },
      {
        VersionId: 'v2',
        IsDefaultVersion: false,
        PolicyDocument: document({ Effect: 'Deny' }),
        CreateDate: '2026-01-01T00:00:02Z',
      },
    ]);
  });

  it('refuses a sixth version, unless --rotate deletes the oldest version that is not the default', async () => {
    await addVersions(5);
    const before = await world.state();
    const { code, out, error } = await ramctl('policy edit Own --document deny.json -o json');
    expect([code, out, error.Code]).toEqual([1, '', 'LimitExceeded.Policy.Version']);
    expect(error.Hint).toContain('--rotate');
    expect(await world.state()).toEqual(before);
    expect((await ramctl('policy edit Own --document deny.json --not-default --rotate')).code).toBe(0);
    expect(await listVersions()).toEqual(['v1', 'v3', 'v4', 'v5', 'v6']);
    await ramctl('policy set-default Own v4');
    for (let n = 0; n < 3; n += 1) await ramctl('policy edit Own --document deny.json --not-default --rotate');
    expect(await listVersions()).toEqual(['v4', 'v6', 'v7', 'v8', 'v9']);
    await ramctl('policy edit Own --document deny.json --rotate');
    await ramctl('policy edit Own --document deny.json --rotate');
    expect([await listVersions(), (await getPolicy()).DefaultVersion]).toEqual([
      ['v7', 'v8', 'v9', 'v10', 'v11'],
      'v11',
    ]);
  });

  it('--rotate deletes nothing if there are fewer than five versions', async () => {
    await ramctl('policy edit Own --document deny.json --rotate');
    expect(await listVersions()).toEqual(['v1', 'v2']);
  });

  it('changes the description, deletes it, or changes description and document', async () => {
    const edit = async (flags: string) => {
      const { json } = await ramctl(`policy edit Own ${flags} -o json --query "[Description, DefaultVersion]"`);
      return json;
    };
    expect(await edit('--description "of \u00e4ll"')).toEqual(['of äll', 'v1']);
    expect(await edit('--description ""')).toEqual([null, 'v1']);
    expect(await edit('--description both --document deny.json')).toEqual(['both', 'v2']);
  });

  it.each([
    ['Own', 2, 'Usage'],
    ['Own --rotate', 2, 'Usage'],
    ['Own --description x --not-default', 2, 'Usage'],
    ['Own --description x --document maybe.json', 1, 'MalformedPolicyDocument'],
    ['Own --description x --document longer.json', 1, 'InvalidParameter.PolicyDocument.Length'],
    [`Own --description ${'x'.repeat(1025)}`, 1, 'InvalidParameter.NewDescription.Length'],
    ['Nope --description x', 3, 'EntityNotExist.Policy'],
    ['readonlyaccess --description x', 3, 'EntityNotExist.Policy'],
    ['ReadOnlyAccess --document allow.json', 3, 'EntityNotExist.Policy'],
  ])('policy edit %s fails and changes nothing', async (words, exit, Code) => {
    const before = await world.state();
    const { code, out, error } = await ramctl(`policy edit ${words} -o json`);
    expect([code, out, error.Code]).toEqual([exit, '', Code]);
    expect(await world.state()).toEqual(before);
  });
});

describe('policy set-default and get --version-id', () => {
  it('set the default version and show another version', async () => {
    await addVersions(3);
    const { code, json } = await ramctl('policy set-default OWN v2 -o json');
    expect([code, json]).toMatchObject([0, { DefaultVersion: 'v2', IsDefaultVersion: true }]);
    expect(json).toEqual(await getPolicy());
    expect(await getPolicy('--version-id v3')).toMatchObject({ DefaultVersion: 'v2', VersionId: 'v3' });
  });

  it.each([
    ['set-default Own v2', 3, 'EntityNotExist.Policy.Version'],
    ['set-default Own 1', 1, 'InvalidParameter.VersionId.Format'],
    ['set-default Own', 2, 'Usage'],
    ['set-default ReadOnlyAccess v2', 3, 'EntityNotExist.Policy'],
    ['set-default Nope v1', 3, 'EntityNotExist.Policy'],
    ['get Own --version-id v2', 3, 'EntityNotExist.Policy.Version'],
    ['get Own --version-id v0', 1, 'InvalidParameter.VersionId.Format'],
    ['versions Nope', 3, 'EntityNotExist.Policy'],
  ])('policy %s fails and changes nothing', async (words, exit, Code) => {
    const before = await world.state();
    expect(await ramctl(`policy ${words} -o json`)).toMatchObject({ code: exit, out: '', error: { Code } });
    expect(await world.state()).toEqual(before);
  });

  it('show only the current version of a system policy', async () => {
    expect((await ramctl('policy versions ReadOnlyAccess -o json')).json).toMatchObject([
      { VersionId: 'v2', IsDefaultVersion: true },
    ]);
  });
});

describe('policy delete', () => {
  it('refuses to delete an attached policy, lists its users and groups, and deletes it after the detachments', async () => {
    for (const line of ['user create alice', 'group create ops']) await ramctl(line);
    await ramctl('policy attach Own --user alice --group ops');
    const before = await world.state();
    const { code, out, error } = await ramctl('policy delete own --yes -o json');
    expect([code, out, error.Code]).toEqual([1, '', 'DeleteConflict.Policy.User']);
    expect(error.Blockers).toEqual([
      { Kind: 'User', Name: 'alice', Command: 'ramctl policy detach Own --user alice' },
      { Kind: 'Group', Name: 'ops', Command: 'ramctl policy detach Own --group ops' },
    ]);
    expect(await world.state()).toEqual(before);
    const [user, group] = error.Blockers?.map(({ Command }) => Command.replace('ramctl ', '')) ?? [];
    await ramctl(user ?? '');
    expect((await ramctl('policy delete Own --yes -o json')).error.Code).toBe('DeleteConflict.Policy.Group');
    await ramctl(group ?? '');
    const deleted = await ramctl('policy delete Own --yes -o json');
    expect([deleted.code, deleted.json]).toEqual([0, { PolicyName: 'Own', PolicyType: 'Custom', Removed: [] }]);
    expect((await ramctl('policy get Own')).code).toBe(3);
  });

  it('with --cascade detaches the policy and deletes all its versions, after a confirmation', async () => {
    await addVersions(3);
    for (const line of ['user create alice --policy Own --policy ReadOnlyAccess', 'group create ops']) {
      await ramctl(line);
    }
    await ramctl('policy attach Own --group ops');
    const before = await world.state();
    const answers = (answer: unknown): RunOptions => ({ answers: [['Delete the policy Own?', answer]] });
    expect((await ramctl('policy delete Own --cascade', answers(false))).code).toBe(130);
    expect(await world.state()).toEqual(before);
    const { code, json, err } = await ramctl('policy delete Own --cascade -o json', answers(true));
    const Removed = [
      { Kind: 'User', Name: 'alice' },
      { Kind: 'Group', Name: 'ops' },
    ];
    expect([code, json]).toEqual([0, { PolicyName: 'Own', PolicyType: 'Custom', Removed }]);
    expect(err).toMatch(/User alice[\s\S]*Group ops/);
    expect((await ramctl('user get alice -o json')).json).toMatchObject({
      Policies: [{ PolicyName: 'ReadOnlyAccess' }],
    });
    await ramctl('policy create Own --document allow.json');
    expect(await getPolicy()).toMatchObject({ AttachmentCount: 0, DefaultVersion: 'v1' });
  });

  it.each(['--yes', '--cascade --yes'])('does not delete a system policy with %s', async (flags) => {
    await ramctl('user create alice --policy ReadOnlyAccess');
    const before = await world.state();
    const { code, error } = await ramctl(`policy delete ReadOnlyAccess ${flags} -o json`);
    expect([code, error.Code]).toEqual([3, 'EntityNotExist.Policy']);
    expect((await ramctl('policy delete Nope --yes')).code).toBe(3);
    expect((await ramctl('policy delete Own -o json')).error).toMatchObject({ Code: 'Usage', Field: '--yes' });
    expect(await world.state()).toEqual(before);
  });
});
