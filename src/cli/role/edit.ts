import { shellCommand } from '../../core/shell-command.ts';
import { describeRole } from '../../core/workflows/role.ts';
import { roleView } from '../../view/role.ts';
import type { RamctlCommand } from '../command.ts';
import { changeAndShow } from '../output.ts';
import { addTagChangeOptions, changeTags, type TagOptions } from '../tags.ts';
import { usageError } from '../usage-error.ts';
import { addRoleOptions, type RoleOptions, readTrustPolicy } from './role-options.ts';

export function declare(noun: RamctlCommand): void {
  const verb = noun.verb('edit <name>', 'Change the trust policy, description, session duration or tags of a role', {
    'Replace the trust policy': 'ramctl role edit auditor --trust-policy trust.json',
    'Let another account assume the role, and no one else':
      'ramctl role edit auditor --trusted-account 1234567890123456',
    'Allow sessions of up to four hours': 'ramctl role edit auditor --max-session-duration 4h',
  });
  verb.describe(`Changes what the options name and prints the role. A trust policy, also one from --trusted-account and
    --trusted-service, replaces the whole earlier one. A role cannot be renamed.`);
  addRoleOptions(verb, {
    trust: 'default: unchanged',
    description: '; an empty text removes it',
    duration: '',
  });
  addTagChangeOptions(verb);
  verb.setAction<RoleOptions & TagOptions>(async (context, options, RoleName: string) => {
    const changes = {
      NewAssumeRolePolicyDocument: await readTrustPolicy(context, options),
      NewDescription: options.description,
      NewMaxSessionDuration: options.maxSessionDuration,
    };
    const hasChanges = Object.values(changes).some((value) => value !== undefined);
    if (!hasChanges && !options.tag && !options.untag) {
      throw usageError(
        'nothing to change',
        '--trust-policy',
        shellCommand`ramctl role edit ${RoleName} --trust-policy <file>`,
      );
    }
    await changeAndShow(context, roleView, async (operations) => {
      if (hasChanges) await operations.updateRole({ RoleName, ...changes });
      await changeTags(operations, 'role', RoleName, options);
      return describeRole(operations, RoleName);
    });
  });
}
