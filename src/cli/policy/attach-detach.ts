import { changeAttachments } from '../../core/workflows/attachment.ts';
import { attachmentView } from '../../view/policy.ts';
import type { RamctlCommand } from '../command.ts';
import { collect } from '../option-parsers.ts';
import { changeAndShow } from '../output.ts';
import { remarkOnFullAccess } from '../remarks.ts';
import { usageError } from '../usage-error.ts';

const VERBS = [
  { name: 'attach', title: 'Attach', preposition: 'to', unchanged: 'already' },
  { name: 'detach', title: 'Detach', preposition: 'from', unchanged: 'not' },
] as const;

export function declareAttachDetach(noun: RamctlCommand): void {
  for (const { name, title, preposition, unchanged } of VERBS) {
    const verb = noun.verb(`${name} <policy...>`, `${title} policies ${preposition} users and groups`, {
      [`${title} one policy ${preposition} one user`]: `ramctl policy ${name} AliyunIOTReadOnlyAccess --user alice`,
      [`${title} two policies ${preposition} a user and a group`]: `ramctl policy ${name} AliyunOSSReadOnlyAccess AliyunECSReadOnlyAccess --user bob --group operators`,
    });
    verb.describe(`${title}es every given policy ${preposition} every given user and group, in one transaction. A
      policy that is ${unchanged} attached is not an error. Prints each attachment and whether it was changed.`);
    verb.option('--user <name>', 'name of a user; can be repeated', collect);
    verb.option('--group <name>', 'name of a group; can be repeated', collect);
    verb.setAction<{ user?: string[]; group?: string[] }>(async (context, options, policies: string[]) => {
      const targets = { users: options.user ?? [], groups: options.group ?? [] };
      if (targets.users.length + targets.groups.length === 0) {
        throw usageError('no user and no group is given', '--user', 'add --user <name> or --group <name>');
      }
      const changes = await changeAndShow(context, attachmentView, (operations) =>
        changeAttachments(operations, name, policies, targets),
      );
      for (const { PolicyName, UserName, GroupName, Changed } of changes) {
        if (!Changed)
          context.output.remark(`remark: ${PolicyName} is ${unchanged} attached to ${UserName ?? GroupName}`);
      }
      const changed = changes.filter(({ Changed }) => Changed);
      if (name === 'attach')
        await remarkOnFullAccess(context, { policies: changed.map(({ PolicyName }) => PolicyName) });
    });
  }
}
