import type { CommittedChange, Directory } from '../directory.ts';
import { Failure } from '../failure.ts';
import { type CreatedUser, provisionUser } from './provision.ts';

const ADMIN = { user: { UserName: 'admin' }, accessKey: true, policies: ['AdministratorAccess'] };

/**
 * Creates the first administrator of an empty directory: a user with an AccessKey and full access. `beforeCommit` gets
 * the user before the commit. If it throws, nothing is written.
 * @throws Failure `refused` (`DirectoryNotEmpty`)
 */
export function bootstrap(
  directory: Directory,
  beforeCommit: (admin: CreatedUser) => void,
): Promise<CommittedChange<CreatedUser>> {
  return directory.atomically(async (operations) => {
    if ((await operations.listUsers()).length > 0) {
      throw new Failure('refused', 'DirectoryNotEmpty', 'the directory has users; --bootstrap needs an empty one', {
        Field: '--bootstrap',
        Hint: `ramctl user create ${ADMIN.user.UserName} --access-key --policy ${ADMIN.policies}`,
      });
    }
    const admin = await provisionUser(operations, ADMIN);
    beforeCommit(admin);
    return admin;
  });
}
