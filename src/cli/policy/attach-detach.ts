import { type AttachmentChange, changeAttachments } from '../../core/workflows/attachment.ts';
import { attachmentView } from '../../view/policy.ts';
import type { RamctlCommand } from '../command.ts';
import { collect } from '../option-parsers.ts';
import { changePermissions } from '../remarks.ts';
import { usageError } from '../usage-error.ts';

const VERBS = [
  { name: 'attach', title: 'Attach', preposition: 'to', unchanged: 'already' },
  { name: 'detach', title: 'Detach', preposition: 'from', unchanged: 'not' },
] as const;

export function declare(noun: RamctlCommand): void {
  for (const { name, title, preposition, unchanged } of VERBS) {
    const verb = noun.verb(`${name} <policy...>`, `${title} policies ${preposition} users, groups and roles`, {
      [`${title} one policy ${preposition} one user`]: `ramctl policy ${name} AliyunIOTReadOnlyAccess --user alice`,
      [`${title} one policy ${preposition} one role`]: `ramctl policy ${name} AliyunOSSReadOnlyAccess --role deploy-pipeline`,
      [`${title} two policies ${preposition} a user and a group`]: `ramctl policy ${name} AliyunOSSReadOnlyAccess AliyunECSReadOnlyAccess --user bob --group operators`,
    });
    verb.describe(`${title}es every given policy ${preposition} every given user, group and role, in one transaction.
      A policy that is ${unchanged} attached is not an error. Prints each attachment and whether it was changed.`);
    verb.option('--user <name>', 'name of a user; can be repeated', collect);
    verb.option('--group <name>', 'name of a group; can be repeated', collect);
    verb.option('--role <name>', 'name of a role; can be repeated', collect);
    verb.setAction<{ user?: string[]; group?: string[]; role?: string[] }>(
      async (context, options, policies: string[]) => {
        const targets = { users: options.user ?? [], groups: options.group ?? [], roles: options.role ?? [] };
        if (Object.values(targets).every((names) => names.length === 0)) {
          const hint = 'add --user <name>, --group <name> or --role <name>';
          throw usageError('no user, group or role is given', '--user', hint);
        }
        const toEffect = (changes: AttachmentChange[]) => {
          const changed = changes.filter(({ Changed }) => Changed);
          const attached = name === 'attach' ? changed.map(({ PolicyName }) => PolicyName) : [];
          return { isChanged: changed.length > 0, policies: attached };
        };
        const scope = { affected: 'attachments', toEffect, ...targets } as const;
        const changes = await changePermissions(context, attachmentView, scope, (operations) =>
          changeAttachments(operations, name, policies, targets),
        );
        for (const { PolicyName, UserName, GroupName, RoleName, Changed } of changes) {
          const target = UserName ?? GroupName ?? RoleName;
          if (!Changed) context.output.remark(`remark: ${PolicyName} is ${unchanged} attached to ${target}`);
        }
      },
    );
  }
}
