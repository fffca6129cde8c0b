import type { AccessKey } from '../../core/directory.ts';
import { Failure } from '../../core/failure.ts';
import { shellCommand } from '../../core/shell-command.ts';
import { foldCase } from '../../core/state.ts';
import type { RemoteOperations } from '../operations.ts';
import { deletion, describeChange, exists, final, type Inverses, pick, undoable } from './change.ts';

export const credentialInverses = {
  createLoginProfile: async ({ operations, isNew }, { UserName }) => ({
    wasSo: !isNew('User', UserName) && (await exists(operations.getLoginProfile({ UserName }))),
    changes: () => [
      undoable('LoginProfile', UserName, 'created', shellCommand`ramctl login delete ${UserName}`, () =>
        operations.deleteLoginProfile({ UserName }),
      ),
    ],
  }),

  async updateLoginProfile({ operations }, { UserName, Password, ...input }) {
    if (Password) return { changes: () => [{ Kind: 'LoginProfile', Name: UserName, Effect: 'password changed' }] };
    const earlier = pick(await operations.getLoginProfile({ UserName }), input);
    const command = shellCommand`ramctl login get ${UserName}`;
    const undo = () => operations.updateLoginProfile({ ...earlier, UserName });
    return { changes: () => [undoable('LoginProfile', UserName, describeChange(earlier), command, undo)] };
  },

  deleteLoginProfile: async ({ operations }, { UserName }) =>
    final('LoginProfile', UserName, () => operations.getLoginProfile({ UserName })),

  async createAccessKey({ operations, isNew }, { UserName }) {
    const before = isNew('User', UserName) ? [] : await operations.listAccessKeys({ UserName });
    return {
      changes(key) {
        const listCommand = shellCommand`ramctl ak list ${UserName}`;
        const deleteNew = () => deleteNewKey(operations, UserName, before);
        if (!key) return [undoable('AccessKey', `of ${UserName}`, 'created', listCommand, deleteNew)];
        const { AccessKeyId: UserAccessKeyId } = key;
        const command = shellCommand`ramctl ak delete ${UserName} ${UserAccessKeyId} --force`;
        const undo = () => operations.deleteAccessKey({ UserName, UserAccessKeyId });
        return [undoable('AccessKey', `${UserAccessKeyId} of ${UserName}`, 'created', command, undo)];
      },
    };
  },

  async updateAccessKey({ operations }, { UserName, UserAccessKeyId, Status: wanted }) {
    const keys = await operations.listAccessKeys({ UserName });
    const { Status = wanted } = keys.find(({ AccessKeyId }) => AccessKeyId === UserAccessKeyId) ?? {};
    const verb = Status === 'Active' ? 'enable' : 'disable';
    const command = shellCommand`ramctl ak ${verb} ${UserName} ${UserAccessKeyId}`;
    const undo = () => operations.updateAccessKey({ UserName, UserAccessKeyId, Status });
    const effect = wanted === 'Active' ? 'enabled' : 'disabled';
    return {
      wasSo: Status === wanted,
      changes: () => [undoable('AccessKey', `${UserAccessKeyId} of ${UserName}`, effect, command, undo)],
    };
  },

  deleteAccessKey: async ({ operations }, { UserName, UserAccessKeyId }) =>
    final('AccessKey', `${UserAccessKeyId} of ${UserName}`, () =>
      operations.getAccessKeyLastUsed({ UserName, UserAccessKeyId }),
    ),

  async createVirtualMFADevice({ operations }, { VirtualMFADeviceName: name }) {
    const find = async () => {
      const devices = await operations.listVirtualMFADevices();
      return devices.find(({ SerialNumber }) => foldCase(SerialNumber).endsWith(foldCase(`:mfa/${name}`)));
    };
    return {
      wasSo: (await find()) !== undefined,
      changes: (created) => [
        undoable('MFADevice', name, 'created', shellCommand`ramctl mfa delete ${name}`, async () => {
          const device = created ?? (await find());
          if (device) await operations.deleteVirtualMFADevice({ SerialNumber: device.SerialNumber });
        }),
      ],
    };
  },

  deleteVirtualMFADevice: async ({ operations }, { SerialNumber }) => ({
    changes: () => [
      {
        ...deletion('MFADevice', SerialNumber),
        wasMade: async () =>
          !(await operations.listVirtualMFADevices()).some((device) => device.SerialNumber === SerialNumber),
      },
    ],
  }),

  bindMFADevice: async ({ operations }, { UserName, SerialNumber }) => ({
    wasSo: await exists(operations.getUserMFAInfo({ UserName })),
    changes: () => [
      undoable('MFADevice', SerialNumber, `bound to ${UserName}`, shellCommand`ramctl mfa disable ${UserName}`, () =>
        operations.unbindMFADevice({ UserName }),
      ),
    ],
  }),

  unbindMFADevice: async ({ operations }, { UserName }) => ({
    changes: (device) => [
      {
        Kind: 'MFADevice',
        Name: device?.SerialNumber ?? `of ${UserName}`,
        Effect: 'unbound',
        wasMade: async () => !(await exists(operations.getUserMFAInfo({ UserName }))),
      },
    ],
  }),
} satisfies Partial<Inverses>;

/** Deletes the key that did not exist before. If there are several, the one of another process is unknown. */
async function deleteNewKey(operations: RemoteOperations, UserName: string, before: AccessKey[]): Promise<void> {
  const keys = await operations.listAccessKeys({ UserName });
  const [key, ...others] = keys.filter((each) => !before.some(({ AccessKeyId }) => AccessKeyId === each.AccessKeyId));
  if (others.length > 0) throw new Failure('later', 'ChangedMeanwhile', `${UserName} got several new AccessKeys`);
  if (key) await operations.deleteAccessKey({ UserName, UserAccessKeyId: key.AccessKeyId });
}
