import type { Committed, Directory } from '../directory.ts';
import { Failure } from '../failure.ts';
import { describeUser } from './describe.ts';
import type { Provisioned } from './provision.ts';

const ADMINISTRATOR = 'admin';
const POLICY = { PolicyName: 'AdministratorAccess', PolicyType: 'System' } as const;

/**
 * Makes the first administrator of an empty directory: a user with an AccessKey who may do everything. `accept` sees
 * what was made before it is committed and can still refuse it by throwing.
 * @throws Failure `refused` (`DirectoryNotEmpty`)
 */
export function bootstrap(directory: Directory, accept: (made: Provisioned) => void): Promise<Committed<Provisioned>> {
  return directory.atomically(async (operations) => {
    if ((await operations.listUsers()).length > 0) {
      throw new Failure('refused', 'DirectoryNotEmpty', 'there are users already; --bootstrap is for the first one', {
        Field: '--bootstrap',
        Hint: `ramctl user create ${ADMINISTRATOR} --access-key --policy ${POLICY.PolicyName}`,
      });
    }
    const { UserName } = await operations.createUser({ UserName: ADMINISTRATOR });
    await operations.attachPolicyToUser({ UserName, ...POLICY });
    const AccessKey = await operations.createAccessKey({ UserName });
    const made = { ...(await describeUser(operations, UserName)), AccessKey };
    accept(made);
    return made;
  });
}
