import type { CommittedChange, Directory } from '../directory.ts';
import { Failure } from '../failure.ts';
import type { CreatedUser } from './provision.ts';
import { describeUser } from './user.ts';

const ADMIN_USER_NAME = 'admin';
const ADMIN_POLICY = { PolicyName: 'AdministratorAccess', PolicyType: 'System' } as const;

/**
 * Makes the first administrator of an empty directory: a user with an AccessKey who may do everything. `accept` sees
 * what was made before it is committed and can still refuse it by throwing.
 * @throws Failure `refused` (`DirectoryNotEmpty`)
 */
export function bootstrap(
  directory: Directory,
  accept: (made: CreatedUser) => void,
): Promise<CommittedChange<CreatedUser>> {
  return directory.atomically(async (operations) => {
    if ((await operations.listUsers()).length > 0) {
      throw new Failure('refused', 'DirectoryNotEmpty', 'there are users already; --bootstrap is for the first one', {
        Field: '--bootstrap',
        Hint: `ramctl user create ${ADMIN_USER_NAME} --access-key --policy ${ADMIN_POLICY.PolicyName}`,
      });
    }
    const { UserName } = await operations.createUser({ UserName: ADMIN_USER_NAME });
    await operations.attachPolicyToUser({ UserName, ...ADMIN_POLICY });
    const AccessKey = await operations.createAccessKey({ UserName });
    const made = { ...(await describeUser(operations, UserName)), AccessKey };
    accept(made);
    return made;
  });
}
