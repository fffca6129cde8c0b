import { beforeEach, describe, expect, it } from 'vitest';
import { failure } from '../../support/failures.ts';
import { SUBJECTS, type Subject, today, withoutSetup } from './subjects.ts';

const taken = failure('refused', 'EntityAlreadyExists.User');
const notFound = failure('missing', 'EntityNotExist.User');

describe.each(SUBJECTS)('users in %s', (_, open) => {
  let subject: Subject;
  let operations: Subject['operations'];
  beforeEach(async () => {
    subject = await open();
    ({ operations } = subject);
  });

  it('a new user has an id of 18 digits, both dates, and no optional texts', async () => {
    const created = await operations.createUser({ UserName: 'Alice' });
    expect(created).toEqual({
      UserId: expect.stringMatching(/^\d{18}$/),
      UserName: 'Alice',
      UserPrincipalName: expect.stringMatching(/^Alice@\d{16}\.onaliyun\.com$/),
      DisplayName: null,
      Comments: null,
      Email: null,
      MobilePhone: null,
      CreateDate: today(subject),
      UpdateDate: today(subject),
      LastLoginDate: null,
      Tags: [],
    });
    expect(await operations.getUser({ UserName: 'alice' })).toEqual(created);
    expect(await operations.listUsers()).toContainEqual(created);
  });

  it('a user can be created with texts and tags, or not at all', async () => {
    const texts = {
      DisplayName: 'Alice Li',
      Comments: 'a & b=c',
      Email: 'a@example.com',
      MobilePhone: '86-13800000000',
    };
    const Tag = [{ Key: 'team', Value: 'iot' }, { Key: 'stage' }];
    const created = await operations.createUser({ UserName: 'alice', ...texts, Tag });
    const Tags = [
      { TagKey: 'stage', TagValue: '' },
      { TagKey: 'team', TagValue: 'iot' },
    ];
    expect(created).toMatchObject({ ...texts, Tags });
    expect(await operations.getUser({ UserName: 'alice' })).toEqual(created);
    const attempt = operations.createUser({ UserName: 'carol', Tag: [{ Key: 'acs:x' }] });
    await expect(attempt).rejects.toThrow(failure('refused', 'InvalidParameter.TagKey.Format'));
    await expect(operations.getUser({ UserName: 'carol' })).rejects.toThrow(notFound);
  });

  it('users are listed by the beginning of their name, regardless of case, and by a tag as well', async () => {
    const Tag = [{ Key: 'team', Value: 'iot' }];
    for (const UserName of ['carol', 'Ali', 'alice', 'malice']) await operations.createUser({ UserName });
    await operations.createUser({ UserName: 'ALIX', Tag });
    const list = async (filter: Parameters<typeof operations.listUsers>[0]) =>
      (await operations.listUsers(filter)).map(({ UserName }) => UserName);
    expect(await list({ NamePrefix: 'aLi' })).toEqual(['Ali', 'alice', 'ALIX']);
    expect(await list({ NamePrefix: 'ali', Tag })).toEqual(['ALIX']);
    expect(await list({ NamePrefix: 'x' })).toEqual([]);
    expect(await list({ NamePrefix: '' })).toEqual(await list({}));
  });

  it('names are unique, found and sorted regardless of case', async () => {
    for (const UserName of ['carol', 'Alice', 'alice2']) await operations.createUser({ UserName });
    for (const UserName of ['alice', 'ALICE', 'CaroL']) {
      await expect(operations.createUser({ UserName })).rejects.toThrow(taken);
    }
    expect((await operations.getUser({ UserName: 'aLICE' })).UserName).toBe('Alice');
    const names = (await operations.listUsers()).map(({ UserName }) => UserName);
    expect(withoutSetup(names)).toEqual(['Alice', 'alice2', 'carol']);
  });

  it.each(['__proto__', 'constructor', 'toString'])('%s is an ordinary user name', async (UserName) => {
    await expect(operations.getUser({ UserName })).rejects.toThrow(notFound);
    const { UserId } = await operations.createUser({ UserName });
    expect(await operations.getUser({ UserName: UserName.toUpperCase() })).toMatchObject({ UserId, UserName });
    await expect(operations.createUser({ UserName })).rejects.toThrow(taken);
    await operations.deleteUser({ UserName });
    await expect(operations.deleteUser({ UserName })).rejects.toThrow(notFound);
  });

  it('a rename may change only the case, and is refused for a taken or empty name', async () => {
    for (const UserName of ['alice', 'Carol']) await operations.createUser({ UserName });
    const { UserId } = await operations.getUser({ UserName: 'alice' });
    for (let n = 0; n < 2; n += 1) {
      const renamed = await operations.updateUser({ UserName: 'alice', NewUserName: 'ALICE' });
      expect(renamed).toMatchObject({ UserId, UserName: 'ALICE' });
      expect(renamed.UserPrincipalName).toMatch(/^ALICE@/);
    }
    const rename = (NewUserName: string) =>
      operations.updateUser({ UserName: 'alice', NewUserName, NewEmail: 'a@example.com' });
    await expect(rename('CAROL')).rejects.toThrow(taken);
    await expect(rename('')).rejects.toThrow(failure('refused', 'InvalidParameter.NewUserName.Length'));
    expect(await operations.getUser({ UserName: 'alice' })).toMatchObject({ UserName: 'ALICE', Email: null });
    await expect(operations.updateUser({ UserName: 'nobody', NewUserName: 'x' })).rejects.toThrow(notFound);
  });

  it('an update keeps absent members, clears empty ones, and changes nothing when a value is invalid', async () => {
    const profile = {
      DisplayName: 'Alice Li',
      Comments: 'ops',
      Email: 'alice@example.com',
      MobilePhone: '86-13800000000',
    };
    const edit = (changes: object) => operations.updateUser({ UserName: 'alice', ...changes });
    await operations.createUser({ UserName: 'alice', ...profile, Tag: [{ Key: 'team', Value: 'iot' }] });
    const Tags = [{ TagKey: 'team', TagValue: 'iot' }];
    expect(await edit({ NewComments: '' })).toMatchObject({ ...profile, Comments: null, Tags });
    await expect(edit({ NewEmail: 'x', NewDisplayName: '' })).rejects.toThrow(
      failure('refused', 'InvalidParameter.NewEmail.Format'),
    );
    expect(await operations.getUser({ UserName: 'alice' })).toMatchObject({ ...profile, Comments: null });
    expect(await edit({ NewDisplayName: '' })).toMatchObject({ DisplayName: null });
  });

  it('a user is found by logon name, id and AccessKey', async () => {
    const { UserPrincipalName, UserId } = await operations.createUser({ UserName: 'Alice' });
    const { AccessKeyId: UserAccessKeyId } = await operations.createAccessKey({ UserName: 'alice' });
    for (const reference of [{ UserPrincipalName }, { UserId }, { UserAccessKeyId }]) {
      expect(await operations.getUserName(reference)).toEqual({ UserName: 'Alice' });
    }
    await expect(operations.getUserName({ UserId: '1' })).rejects.toThrow(notFound);
  });
});
