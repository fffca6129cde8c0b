import { changeAttachments } from '../../core/workflows/attachment.ts';
import { attachmentView } from '../../view/policy.ts';
import { collect, type RamctlCommand } from '../command.ts';
import { changeAndShow } from '../output.ts';
import { usageError } from '../usage-error.ts';

export function declareAttach(noun: RamctlCommand): void {
  const verb = noun.verb('attach <policy...>', 'Attach policies to users and groups', [
    '# Attach one policy to one user',
    'ramctl policy attach AliyunIOTReadOnlyAccess --user alice',
    '# Attach two policies to a user and a group',
    'ramctl policy attach AliyunOSSReadOnlyAccess AliyunECSReadOnlyAccess --user bob --group operators',
  ]);
  verb.description(
    'Attaches every given policy to every given user and group. A policy that is already attached is not an error. ' +
      'Nothing changes if a policy, a user or a group does not exist. Prints each attachment and whether it is new.',
  );
  addTargets(verb, 'attach', 'is already attached to');
}

export function declareDetach(noun: RamctlCommand): void {
  const verb = noun.verb('detach <policy...>', 'Detach policies from users and groups', [
    '# Detach one policy from one user',
    'ramctl policy detach IotFromOffice --user alice',
    '# Detach a policy from a user and a group',
    'ramctl policy detach AliyunECSReadOnlyAccess --user bob --group operators',
  ]);
  verb.description(
    'Detaches every given policy from every given user and group. A policy that is not attached is not an error. ' +
      'Nothing changes if a policy, a user or a group does not exist. Prints each attachment and whether it was removed.',
  );
  addTargets(verb, 'detach', 'is not attached to');
}

function addTargets(verb: RamctlCommand, change: 'attach' | 'detach', unchanged: string): void {
  verb.option('--user <name>', 'name of a user; can be repeated', collect);
  verb.option('--group <name>', 'name of a group; can be repeated', collect);
  verb.setAction<{ user?: string[]; group?: string[] }>(
    async (context, { user: users = [], group: groups = [] }, policies: string[]) => {
      if (users.length + groups.length === 0) {
        throw usageError('no user and no group is given', '--user', 'add --user <name> or --group <name>');
      }
      const changes = await changeAndShow(context, attachmentView, (operations) =>
        changeAttachments(operations, change, policies, { users, groups }),
      );
      for (const { PolicyName, UserName, GroupName, Changed } of changes) {
        if (!Changed) context.output.remark(`remark: ${PolicyName} ${unchanged} ${UserName ?? GroupName}`);
      }
    },
  );
}
