import type { AccessKeyOperations, NewAccessKey } from '../../core/directory.ts';
import { Failure, nullIfCode } from '../../core/failure.ts';
import { mapConcurrently } from '../../core/map-concurrently.ts';
import { shellCommand } from '../../core/shell-command.ts';
import type { Status } from '../../core/state.ts';
import type { Response } from '../api.ts';
import type { RemoteContext } from './context.ts';
import { changeOnce } from './lost-responses.ts';
import { itemsOf, nullableTexts, sortByDate } from './members.ts';

/** How long after a lost response RAM may still process the call. */
const LATE_CALL_MS = 1000;

const NOT_FOUND = 'EntityNotExist.User.AccessKey';

export function accessKeyOperations(context: RemoteContext): AccessKeyOperations {
  const { api, sleep } = context;
  const listKeys = async (UserName: string) => {
    const response = await api.call('RAM', 'ListAccessKeys', { UserName });
    return sortByDate(itemsOf('AccessKeys', 'AccessKey')(response).map(toKey), 'CreateDate');
  };
  const getAccessKeyLastUsed: AccessKeyOperations['getAccessKeyLastUsed'] = async (ref) => {
    const { AccessKeyLastUsed } = await api.call('RAM', 'GetAccessKeyLastUsed', ref);
    return nullableTexts(AccessKeyLastUsed ?? {}, 'LastUsedDate');
  };
  const deleteAccessKey: AccessKeyOperations['deleteAccessKey'] = (ref) =>
    changeOnce(context, 'DeleteAccessKey', ref, NOT_FOUND);

  /** Deletes the key that a lost call has created: the one that is in none of the lists of known ids. */
  const deleteLostKey = async (UserName: string, known: string[]): Promise<void> => {
    const ids = (await listKeys(UserName)).map(({ AccessKeyId }) => AccessKeyId).filter((id) => !known.includes(id));
    // A key that was used belongs to another process, because only its creator has the secret.
    const uses = await mapConcurrently(ids, (UserAccessKeyId) => getAccessKeyLastUsed({ UserName, UserAccessKeyId }));
    const [UserAccessKeyId, ...others] = ids.filter((_, index) => uses[index]?.LastUsedDate === null);
    if (others.length > 0) throw severalKeysFailure(UserName, ids);
    if (UserAccessKeyId !== undefined) await deleteAccessKey({ UserName, UserAccessKeyId });
  };

  return {
    getAccessKeyLastUsed,
    deleteAccessKey,

    async createAccessKey({ UserName }) {
      const known = (await listKeys(UserName)).map(({ AccessKeyId }) => AccessKeyId);
      let isAnswerLost = false;
      const repeat = async () => {
        isAnswerLost = true;
        await deleteLostKey(UserName, known);
        return undefined;
      };
      const read = ({ AccessKey }: Response): NewAccessKey => {
        return { ...toKey(AccessKey), AccessKeySecret: AccessKey.AccessKeySecret };
      };
      try {
        const key = await api.callOnce('RAM', 'CreateAccessKey', { UserName }, read, repeat);
        known.push(key.AccessKeyId);
        return key;
      } finally {
        // RAM can have processed the lost call after the lookup.
        if (isAnswerLost) {
          await sleep(LATE_CALL_MS);
          await deleteLostKey(UserName, known);
        }
      }
    },

    async listAccessKeys({ UserName }) {
      return mapConcurrently(await listKeys(UserName), async (key) => {
        const use = getAccessKeyLastUsed({ UserName, UserAccessKeyId: key.AccessKeyId });
        // Another process can delete the key meanwhile.
        return { ...key, LastUsedDate: (await nullIfCode(use, NOT_FOUND))?.LastUsedDate ?? null };
      });
    },

    async updateAccessKey(input) {
      await api.call('RAM', 'UpdateAccessKey', { ...input });
    },
  };
}

function toKey({ AccessKeyId, Status, CreateDate }: Response): {
  AccessKeyId: string;
  Status: Status;
  CreateDate: string;
} {
  return { AccessKeyId, Status, CreateDate };
}

function severalKeysFailure(userName: string, ids: string[]): Failure {
  const message = `the response to CreateAccessKey was lost, and ${userName} has the new AccessKeys ${ids.join(' and ')}`;
  return new Failure('later', 'PartlyDone', `${message}; delete those that are not used`, {
    Field: 'UserName',
    Hint: shellCommand`ramctl ak list ${userName}`,
  });
}
