import type { Tag, User, UserOperations } from '../../core/directory.ts';
import { Failure } from '../../core/failure.ts';
import { shellCommand } from '../../core/shell-command.ts';
import { foldCase } from '../../core/state.ts';
import type { Response } from '../api.ts';
import { findRamUser, type RemoteContext, userPrincipal } from './context.ts';
import { changeOnce, createOnce, updateOnce } from './lost-responses.ts';
import { itemsOf, nullableTexts, sortByName, tagsOf, toResourceTags, userNameOf } from './members.ts';
import { addTags } from './resource-tags.ts';

/*
 * IMS returns users with their tags, logon names and last logon. RAM 2015-05-01 creates and changes them: its texts can be
 * longer, and a display name is optional.
 */

const PROFILE = ['DisplayName', 'Comments', 'Email', 'MobilePhone'] as const;

export function userOperations(context: RemoteContext): UserOperations {
  const { api } = context;
  const getUser: UserOperations['getUser'] = async ({ UserName }) => {
    const { User } = await api.call('IMS', 'GetUser', await userPrincipal(context, UserName));
    return toUser(User);
  };
  const deleteUser: UserOperations['deleteUser'] = ({ UserName }) =>
    changeOnce(context, 'DeleteUser', { UserName }, 'EntityNotExist.User');

  return {
    getUser,
    deleteUser,

    async createUser({ Tag = [], ...input }) {
      const { UserName } = input;
      const created = await createOnce(
        context,
        ['RAM', 'CreateUser'],
        { ...input },
        {
          read: ({ User }) => User as Response,
          lookUp: () => findRamUser(context, UserName),
          adopt: (user) => (PROFILE.every((name) => (user[name] || '') === (input[name] ?? '')) ? user : undefined),
        },
      );
      if (Tag.length > 0) await tagOrDelete(context, UserName, Tag, () => deleteUser({ UserName }));
      const user = toUser({ ...created, ...(await userPrincipal(context, created.UserName)) });
      return { ...user, Tags: toResourceTags(Tag) };
    },

    async updateUser(input) {
      const { UserName: from, NewUserName: to } = input;
      const lookUp = async (name: string) => {
        const user = await findRamUser(context, name);
        return user && { id: user.UserId, name: user.UserName };
      };
      await updateOnce(context, ['RAM', 'UpdateUser'], { ...input }, { from, to, lookUp });
      return getUser({ UserName: to ?? from });
    },

    async listUsers({ Tag, NamePrefix = '' } = {}) {
      // Without Status, IMS leaves out the users that are frozen.
      const parameters = { MaxItems: 1000, Status: 'active,freeze', Tag };
      const users = (await api.list('IMS', 'ListUsers', parameters, itemsOf('Users', 'User'))).map(toUser);
      const matches = users.filter(({ UserName }) => foldCase(UserName).startsWith(foldCase(NamePrefix)));
      return sortByName(matches, ({ UserName }) => UserName);
    },
  };
}

function toUser(user: Response): User {
  const UserPrincipalName: string = user.UserPrincipalName;
  return {
    UserId: user.UserId,
    UserName: user.UserName ?? userNameOf(UserPrincipalName),
    UserPrincipalName,
    ...nullableTexts(user, ...PROFILE),
    CreateDate: user.CreateDate,
    UpdateDate: user.UpdateDate || user.CreateDate,
    ...nullableTexts(user, 'LastLoginDate'),
    Tags: tagsOf(user),
  };
}

/** Adds the tags of a new user. RAM 2015-05-01 has no tags for users. If this fails, the user is deleted again. */
async function tagOrDelete(context: RemoteContext, UserName: string, tags: Tag[], deleteUser: () => Promise<void>) {
  try {
    await addTags(context, { ResourceType: 'user', ResourceNames: [UserName] }, tags);
  } catch (error) {
    await deleteUser().catch(() => {
      const message = `the user ${UserName} was created without its tags: ${(error as Error).message}`;
      throw new Failure('later', 'PartlyDone', message, { Hint: shellCommand`ramctl user delete ${UserName}` });
    });
    throw error;
  }
}
