import fc from 'fast-check';
import { beforeEach, expect, it, describe as suite } from 'vitest';
import { type MadeChange, makeChanges } from '../../../src/core/description/make-changes.ts';
import { planCopy } from '../../../src/core/workflows/copy-directory.ts';
import { createDescribedWorld, describe, description, SOURCE_ACCOUNT } from '../../support/random-directory.ts';
import { openRemote } from '../../support/remote-world.ts';
import { TestWorld } from '../../support/test-world.ts';

const TARGET_ACCOUNT = '9000000000000009';
/** The account ID of the source is only in the first resource the account of an ARN. */
const RESOURCES = [`acs:iot:*:${SOURCE_ACCOUNT}:product/*`, `acs:iot:*:${SOURCE_ACCOUNT}0:device/${SOURCE_ACCOUNT}`];
const OWN_DOCUMENT = JSON.stringify({
  Version: '1',
  Statement: [{ Effect: 'Allow', Action: 'iot:Pub', Resource: RESOURCES }],
});

suite('any directory', () => {
  it('its copy in an empty directory is equal, and a second copy changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(description, fc.boolean(), async (wanted, newSecrets) => {
        const source = await createDescribedWorld(wanted);
        const target = new TestWorld();
        const options = { newPasswords: newSecrets, newAccessKeys: newSecrets, accountSettings: true };
        const { changes } = await planCopy(source.directory, target.directory, options);
        await makeChanges(target.directory, changes, () => {});
        const [original, copied] = [await describe(source), await describe(target)];
        const { AccountId } = copied.Account;
        const expected = JSON.parse(JSON.stringify(original).replaceAll(SOURCE_ACCOUNT, AccountId));
        // The resource of a policy has the account id twice; only the account part of the ARN is replaced.
        for (const { PolicyDocument } of copied.Policies) expect(PolicyDocument).toContain(`product/${SOURCE_ACCOUNT}`);
        for (const policy of copied.Policies)
          policy.PolicyDocument = policy.PolicyDocument.replace(SOURCE_ACCOUNT, AccountId);
        for (const user of expected.Users) {
          if (!newSecrets) user.LoginProfile = null;
          else if (user.LoginProfile) user.LoginProfile.PasswordResetRequired = true;
        }
        expect(copied).toEqual(expected);
        expect((await planCopy(source.directory, target.directory, options)).changes).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });
});

suite('directory copy', () => {
  let source: TestWorld;
  let target: TestWorld;

  beforeEach(async () => {
    source = new TestWorld();
    target = new TestWorld();
    for (const [world, id] of [
      [source, SOURCE_ACCOUNT],
      [target, TARGET_ACCOUNT],
    ] as const) {
      await world.store.change(async ({ Account }) => {
        Account.AccountId = id;
      });
    }
    source.addTarget('a.json', source);
    source.addTarget('b.json', target);
    await source.directory.createPolicy({ PolicyName: 'Own', PolicyDocument: OWN_DOCUMENT });
    await source.ramctl('group create ops --comments operators');
    await source.ramctl('user create alice --console --mfa required --group ops --policy Own --comments buys');
    await source.ramctl(
      'user create robot --access-key --policy ReadOnlyAccess --tag team=iot --tag ramctl:rotation-run=1',
    );
    await source.ramctl('role create buyer');
  });

  const copy = (options = '', run = {}) => source.ramctl(`directory copy a.json b.json ${options}`, run);

  it('copies everything but secrets, and says what it did not copy', async () => {
    const { code, json, err } = await copy('-o json');
    expect(code).toBe(0);
    expect((json as MadeChange[]).map(({ Kind, Name, Action, Before }) => [Kind, Name, Action, Before])).toEqual([
      ['Policy', 'Own', 'create', null],
      ['Group', 'ops', 'create', null],
      ['Role', 'buyer', 'create', null],
      ['User', 'alice', 'create', null],
      ['User', 'robot', 'create', null],
    ]);
    const { Users, Policies, Roles } = await describe(target);
    expect(Users).toMatchObject([
      { UserName: 'alice', Comments: 'buys', LoginProfile: null, Groups: ['ops'], Policies: [{ PolicyName: 'Own' }] },
      { UserName: 'robot', Tags: [{ TagKey: 'team', TagValue: 'iot' }] },
    ]);
    expect(await target.directory.listAccessKeys({ UserName: 'robot' })).toEqual([]);
    expect(Policies[0]?.PolicyDocument).toBe(OWN_DOCUMENT.replace(SOURCE_ACCOUNT, TARGET_ACCOUNT));
    expect(Roles[0]?.AssumeRolePolicyDocument).toContain(`acs:ram::${TARGET_ACCOUNT}:root`);
    expect(err).toBe(
      [
        `remark: In 2 documents, the account ID ${SOURCE_ACCOUNT} in ARNs becomes ${TARGET_ACCOUNT}, the account of the copy.`,
        'remark: The console logon of alice is not copied. Use --new-passwords to create it.',
        'remark: Passwords, AccessKeys, MFA devices, old policy versions, IDs and dates were not copied.',
        '',
      ].join('\n'),
    );
  });

  it('shows a plan that a person can read, and with --dry-run changes nothing', async () => {
    const before = await target.state();
    const { code, out, err } = await copy('--dry-run');
    expect([code, err]).toEqual([0, expect.stringContaining('remark: This was a dry run. Nothing was changed.\n')]);
    expect(out).toContain('+ group ops\n    Comments: "operators"\n');
    expect(out).toContain('+ user robot\n    Policies: ReadOnlyAccess\n    Tags: team=iot\n');
    expect(out).toContain('Plan: 5 to create, 0 to change, 0 to delete.\n');
    expect(await target.state()).toEqual(before);
  });

  it('updates what differs, removes nothing, and changes nothing the second time', async () => {
    await copy();
    await target.ramctl('user edit alice --comments sells --tag stage=test');
    await target.ramctl('policy attach AdministratorAccess --user alice');
    await target.ramctl('policy detach Own --user alice');
    await target.ramctl('user create zoe');
    const { out } = await copy();
    expect(out).toBe(
      '~ user alice\n    Comments: "sells" → "buys"\n    Policies: +Own\n\nChanges: 0 created, 1 changed, 0 deleted.\n',
    );
    const alice = { UserName: 'alice', Tags: [{ TagKey: 'stage', TagValue: 'test' }] };
    expect((await describe(target)).Users).toMatchObject([
      { ...alice, Policies: [{ PolicyName: 'AdministratorAccess' }, { PolicyName: 'Own' }] },
      { UserName: 'robot' },
      { UserName: 'zoe' },
    ]);
    const state = await target.state();
    expect(await copy()).toMatchObject({ code: 0, out: 'no changes\n' });
    expect(await target.state()).toEqual(state);
  });

  it('creates new passwords and AccessKeys once, and shows them once', async () => {
    const first = await copy('--new-passwords --new-access-keys -o json');
    const [, , , alice, robot] = first.json as MadeChange[];
    expect(alice).toMatchObject({ LogonUrl: expect.stringContaining('alice@'), Password: expect.any(String) });
    expect(alice).not.toHaveProperty('AccessKey');
    const password = alice?.Password ?? '';
    await expect(target.directory.logOn(alice?.UserPrincipalName ?? '', password)).resolves.toMatchObject({
      requirements: { newPassword: true },
    });
    const { AccessKeyId = '', AccessKeySecret = '' } = robot?.AccessKey ?? {};
    expect(await target.directory.verifyAccessKey({ AccessKeyId, AccessKeySecret })).toMatchObject({
      UserName: 'robot',
    });
    const second = await copy('--new-passwords --new-access-keys -o json');
    expect([second.code, second.json]).toEqual([0, []]);
    expect(await target.directory.listAccessKeys({ UserName: 'robot' })).toHaveLength(1);
  });

  it('shows new secrets under the plan, and says where they went', async () => {
    const { out } = await copy('--new-passwords --new-access-keys');
    expect(out).toMatch(/\nUser +Password +AccessKey ID +AccessKey Secret\nalice +\S{20} +- +-\nrobot +- +LTAI/);
    expect(out).toMatch(/\nSecrets are shown only once\. Store them now\.\n$/);
  });

  it('delivers secrets to one file, or to a file for each user', async () => {
    const { out } = await copy('--new-passwords --new-access-keys --secret-to file:{user}.json');
    expect(out).toMatch(/\nThe secrets were written to file:\{user\}\.json\n$/);
    expect([...source.delivered.keys()]).toEqual(['alice.json', 'robot.json']);
    const alice = JSON.parse(source.delivered.get('alice.json') ?? '');
    expect(alice).toMatchObject({ Name: 'alice', Password: expect.any(String) });
    const robot = JSON.parse(source.delivered.get('robot.json') ?? '');
    expect(robot).toMatchObject({ Name: 'robot', AccessKey: { AccessKeySecret: expect.any(String) } });
    expect(out).not.toContain(alice.Password);
    expect(out).not.toContain(robot.AccessKey.AccessKeySecret);
  });

  it.each([
    ['--new-passwords --new-access-keys --secret-to file:s.env', 2, 'one user only'],
    ['--new-passwords --query "[].Name"', 2, '--query would remove a secret'],
    ['--new-passwords --secret-to file:s.ini', 2, 'cannot hold this kind of secret'],
    ['--secret-to file:a.json --overwrite', 2, 'the secrets would overwrite a file of one of the directories'],
  ])('changes nothing if the secrets cannot be delivered: %s', async (options, code, message) => {
    const before = await target.state();
    expect(await copy(options)).toMatchObject({ code, out: '', err: expect.stringContaining(message) });
    expect(await target.state()).toEqual(before);
  });

  it('reverts the copy if the reader of stdout has gone', async () => {
    const before = await target.state();
    const { code, err } = await copy('--new-passwords', { brokenOutput: 'EPIPE' });
    expect([code, err]).toEqual([5, expect.stringContaining('nothing was changed')]);
    expect(await describe(target)).toMatchObject({ Users: [], Groups: [], Policies: [], Roles: [] });
    expect((await target.state()).Account.AccountId).toBe(before.Account.AccountId);
  });

  it('copies the account settings only when asked', async () => {
    await source.ramctl('account settings set --max-password-age 90 --login-session-duration 8');
    await copy();
    expect(await target.directory.getPasswordPolicy()).toMatchObject({ MaxPasswordAge: 0 });
    const { out } = await copy('--account-settings');
    expect(out).toContain(`~ account ${TARGET_ACCOUNT}\n    PasswordPolicy.MaxPasswordAge: 0 → 90\n`);
    expect(await target.directory.getPasswordPolicy()).toMatchObject({ MaxPasswordAge: 90 });
    expect(await target.directory.getSecurityPreference()).toMatchObject({ LoginSessionDuration: 8 });
  });

  it('the same source and target are a usage error', async () => {
    const { code, error } = await source.ramctl('directory copy a.json a.json -o json');
    expect([code, error.Code, error.Message]).toEqual([2, 'Usage', expect.stringContaining('same directory')]);
  });

  it('names the entity and the target in an error, and changes nothing', async () => {
    for (let index = 0; index < 2; index += 1) {
      await target.ramctl(`user create robot --if-not-exists`);
      const { AccessKeyId } = await target.directory.createAccessKey({ UserName: 'robot' });
      await target.ramctl(`ak disable robot ${AccessKeyId}`);
    }
    const before = await target.state();
    const { code, error } = await copy('--new-access-keys -o json');
    expect([code, error.Code]).toEqual([1, 'LimitExceeded.User.AccessKey']);
    expect(error.Message).toMatch(/^user robot: /);
    expect(error.Hint).toMatch(/^ramctl -d b\.json ak delete robot LTAI/);
    expect(await target.state()).toEqual(before);
  });

  suite('to an account in the cloud', () => {
    beforeEach(() => source.addTarget('aliyun:prod', target, 'cloud'));
    const line = 'directory copy a.json aliyun:prod';

    it('shows the plan and asks, naming the account', async () => {
      await target.ramctl('account alias acme');
      const question = `Make these 5 changes in aliyun:prod (account acme, ${TARGET_ACCOUNT})?`;
      const refused = await source.ramctl(line, { answers: [[question, false]] });
      expect([refused.code, refused.err]).toEqual([130, expect.stringContaining('+ user alice')]);
      expect((await describe(target)).Users).toEqual([]);
      expect((await source.ramctl(line, { answers: [[question, true]] })).code).toBe(0);
      expect((await describe(target)).Users).toHaveLength(2);
    });

    it('needs --yes without a terminal, except for a dry run', async () => {
      expect(await source.ramctl(line)).toMatchObject({ code: 2, err: expect.stringContaining('--yes') });
      expect((await source.ramctl(`${line} --dry-run`)).code).toBe(0);
      expect((await describe(target)).Users).toEqual([]);
      expect((await source.ramctl(`${line} --yes`)).code).toBe(0);
    });

    it('lists what remains after an error, with commands that name the target', async () => {
      const { directory } = openRemote(target, { from: 2, isMade: false, isDown: true });
      source.targets.set('aliyun:prod', { directory, target: { kind: 'cloud', name: 'aliyun:prod' } });
      const { code, error } = await source.ramctl(`${line} --yes -o json`);
      expect([code, error.Code]).toEqual([5, 'PartlyDone']);
      expect(error.Blockers?.map(({ Command }) => Command)).toContainEqual(
        expect.stringMatching(/^ramctl -d aliyun:prod /),
      );
      for (const { Command } of error.Blockers ?? []) expect(Command).toMatch(/^ramctl -d aliyun:prod /);
    });

    it('two profiles of one account are the same directory', async () => {
      source.addTarget('aliyun:', target, 'cloud');
      const { code, err } = await source.ramctl('directory copy aliyun: aliyun:prod --yes');
      expect([code, err]).toEqual([2, expect.stringContaining(`are the same account, ${TARGET_ACCOUNT}`)]);
    });
  });
});
