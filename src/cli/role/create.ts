import type { Operations } from '../../core/directory.ts';
import { nullIfCode } from '../../core/failure.ts';
import { buildTrustPolicy, describeRole, type RoleDetails } from '../../core/workflows/role.ts';
import { roleView } from '../../view/role.ts';
import type { RamctlCommand } from '../command.ts';
import { changeAndShow } from '../output.ts';
import { remarkOnDryRun } from '../remarks.ts';
import { addTagOption, type TagOptions } from '../tags.ts';
import { addRoleOptions, type RoleOptions, readTrustPolicy } from './role-options.ts';

type Options = RoleOptions & TagOptions & { ifNotExists?: boolean; dryRun?: boolean };

export function declare(noun: RamctlCommand): void {
  const verb = noun.verb('create <name>', 'Create a role', {
    'Create a role that users and roles of this account may assume': 'ramctl role create deploy-pipeline',
    'Create a role for ECS instances': 'ramctl role create web-server --trusted-service ecs.aliyuncs.com',
    'Create a role with a trust policy from a file':
      'ramctl role create auditor --trust-policy trust.json --max-session-duration 2h',
  });
  verb.describe(`Creates a role without policies. Its trust policy names the users, roles and services that may assume it.
    Refuses a name that exists, unless --if-not-exists is set. Prints the role.`);
  addRoleOptions(verb, {
    trust: 'default: this account is trusted',
    description: '',
    duration: ' (default: 1h)',
  });
  addTagOption(verb, 'tag of the role');
  verb.option('--if-not-exists', 'print the role and create nothing if the name exists');
  verb.option('--dry-run', 'check everything and create nothing');
  verb.setAction<Options>(async (context, options, RoleName: string) => {
    const { description: Description, maxSessionDuration: MaxSessionDuration, ifNotExists, dryRun, tag: Tag } = options;
    const trustPolicy = await readTrustPolicy(context, options);
    const create = async (operations: Operations) => {
      const existing = ifNotExists ? await nullIfCode(operations.getRole({ RoleName }), 'EntityNotExist.Role') : null;
      if (existing) return describeRole(operations, RoleName);
      const { AccountId } = await operations.getCallerIdentity();
      const AssumeRolePolicyDocument = trustPolicy ?? buildTrustPolicy([AccountId], []);
      await operations.createRole({ RoleName, AssumeRolePolicyDocument, Description, MaxSessionDuration, Tag });
      return describeRole(operations, RoleName);
    };
    if (dryRun) {
      const { RoleId: _, ...withoutId } = (await context.directory.dryRun().atomically(create)).value;
      await context.output.show(roleView, withoutId as RoleDetails);
      remarkOnDryRun(context);
      return;
    }
    await changeAndShow(context, roleView, create);
  });
}
