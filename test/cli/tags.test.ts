import { beforeEach, describe, expect, it } from 'vitest';
import { type Answers, TestWorld } from '../support/test-world.ts';
import { equivalentCommands } from '../support/wizard.ts';
import { PROGRAM } from './user/wizard-answers.ts';

const document = (statement: object) =>
  JSON.stringify({ Version: '1', Statement: [{ Effect: 'Allow', ...statement }] });
const files = {
  'policy.json': document({ Action: 'iot:*', Resource: '*' }),
  'by-tag.json': document({
    Action: 'ram:GetRole',
    Resource: '*',
    Condition: { StringEquals: { 'acs:ResourceTag/team': 'iot' } },
  }),
};
let world: TestWorld;
const ramctl = (line: string) => world.ramctl(line, { files });
const TEAM = { TagKey: 'team', TagValue: 'iot' };

beforeEach(() => {
  world = new TestWorld();
});

describe.each([
  ['user', 'user create one', 'UserName'],
  ['role', 'role create one', 'RoleName'],
  ['policy', 'policy create one --document policy.json', 'PolicyName'],
])('tags of a %s', (noun, create, member) => {
  it('are set by create, changed by edit and shown by get', async () => {
    const created = await ramctl(`${create} --tag team=iot --tag "url=a=b" --tag empty= -o json`);
    expect(created.json).toMatchObject({
      Tags: [{ TagKey: 'empty', TagValue: '' }, TEAM, { TagKey: 'url', TagValue: 'a=b' }],
    });
    const edited = await ramctl(`${noun} edit one --tag stage=test --tag empty=no --untag url --untag none -o json`);
    const Tags = [{ TagKey: 'empty', TagValue: 'no' }, { TagKey: 'stage', TagValue: 'test' }, TEAM];
    expect(edited.json).toMatchObject({ Tags });
    expect((await ramctl(`${noun} get one -o json`)).json).toMatchObject({ Tags });
    const { out } = await ramctl(`${noun} get one`);
    expect(out).toMatch(/Tags +empty=no\n +stage=test\n +team=iot\n/);
    const cleared = await ramctl(`${noun} edit one --untag empty --untag stage --untag team`);
    expect(cleared).toMatchObject({ code: 0 });
    expect(cleared.out).not.toContain('Tags');
  });

  it('filter the list', async () => {
    await ramctl(`${create} --tag team=iot --tag stage=test`);
    await ramctl(`${create.replace('one', 'two')} --tag team=iot`);
    const list = async (flags: string) => (await ramctl(`${noun} list ${flags} -o json --query "[].${member}"`)).json;
    expect(await list('--tag team=iot')).toEqual(['one', 'two']);
    expect(await list('--tag team=iot --tag stage=test')).toEqual(['one']);
    expect(await list('--tag team=')).toEqual([]);
    expect(await list('two --tag team=iot')).toEqual(['two']);
  });

  it('that are invalid are refused, and nothing is created', async () => {
    expect((await ramctl(`${create} --tag team -o json`)).error).toMatchObject({ Code: 'Usage' });
    expect((await ramctl(`${create} --tag =iot -o json`)).error).toMatchObject({ Code: 'Usage' });
    const reserved = await ramctl(`${create} --tag acs:a=b -o json`);
    expect(reserved.error).toMatchObject({ Code: 'InvalidParameter.TagKey.Format' });
    expect((await ramctl(`${noun} get one`)).code).toBe(3);
    expect((await ramctl(`${noun} edit one --tag a=b -o json`)).code).toBe(3);
  });
});

it('user edit changes the profile, the name and the tags in one step', async () => {
  await ramctl('user create alice');
  const { json } = await ramctl('user edit alice --name alicia --comments ops --tag team=iot -o json');
  expect(json).toMatchObject({ UserName: 'alicia', Comments: 'ops', Tags: [TEAM] });
});

it('policy edit changes the document and the tags in one step', async () => {
  await ramctl('policy create Own --document policy.json');
  const { json } = await ramctl('policy edit Own --document by-tag.json --tag team=iot -o json');
  expect(json).toMatchObject({ DefaultVersion: 'v2', Tags: [TEAM] });
  const { error } = await ramctl('policy edit ReadOnlyAccess --tag team=iot -o json');
  expect(error).toMatchObject({ Code: 'EntityNotExist.Policy' });
});

it('policy simulate evaluates conditions on tags in the context', async () => {
  await ramctl('user create alice');
  await ramctl('policy create ByTag --document by-tag.json');
  await ramctl('policy attach ByTag --user alice');
  const decide = async (flags: string) =>
    (await ramctl(`policy simulate alice --action ram:GetRole ${flags} -o json --query "[].Decision"`)).json;
  expect(await decide('--context acs:ResourceTag/team=iot')).toEqual(['Allow']);
  expect(await decide('--context acs:ResourceTag/team=web')).toEqual(['ImplicitDeny']);
  expect(await decide('')).toEqual(['ImplicitDeny']);
});

describe('the wizard of user create with --tag', () => {
  const ONE: Answers = [...PROGRAM, ['Add another user?', false]];
  const run = (...answers: Answers) =>
    world.ramctl(['user', 'create', '--tag', 'team=iot', '--tag', 'cost center=7'], { answers: [...ONE, ...answers] });

  it('shows the tags for review, sets them and prints them in the equivalent command', async () => {
    const created = await run(['Create this user?', 'create'], ['Press Enter', '']);
    expect(created.err).toMatch(/Tags +team=iot, cost center=7\n/);
    expect(equivalentCommands(created)).toEqual([
      "ramctl user create deployer --access-key --tag team=iot --tag 'cost center=7'",
    ]);
    const Tags = [{ TagKey: 'cost center', TagValue: '7' }, TEAM];
    expect((await ramctl('user get deployer -o json')).json).toMatchObject({ Tags });
  });

  it('says that a saved file has no tags', async () => {
    const { err } = await run(['Create this user?', 'save'], ['New file', 'users.csv']);
    expect(err).toContain('remark: The file has no tags.');
    expect(world.delivered.get('users.csv')).not.toContain('iot');
  });
});
