import type { Operations } from '../../core/directory.ts';
import type { AttachmentChange, PolicyTargets } from '../../core/workflows/attachment.ts';
import { attachmentView } from '../../view/policy.ts';
import { collect, type RamctlCommand } from '../command.ts';
import { changeAndShow } from '../output.ts';
import { usageError } from '../usage-error.ts';

interface Attachment {
  word: 'attach' | 'detach';
  summary: string;
  already: string;
  change: (operations: Operations, policies: string[], holders: PolicyTargets) => Promise<AttachmentChange[]>;
}

interface Options {
  user?: string[];
  group?: string[];
}

/** `policy attach` and `policy detach`: all in one transaction, repeating is fine. */
export function declareAttachDetach(noun: RamctlCommand, { word, summary, already, change }: Attachment): void {
  const verb = noun.verb(`${word} <policy...>`, summary, [
    `ramctl policy ${word} AliyunIOTReadOnlyAccess --user alice`,
    `ramctl policy ${word} AliyunOSSReadOnlyAccess AliyunECSReadOnlyAccess --user bob --group operators`,
  ]);
  verb.option('--user <name>', 'a user; may be repeated', collect);
  verb.option('--group <name>', 'a group; may be repeated', collect);
  verb.setAction<Options>(async (context, { user: users = [], group: groups = [] }, policies: string[]) => {
    if (users.length + groups.length === 0) {
      throw usageError('whose policies?', '--user', 'add --user <name> or --group <name>');
    }
    const changes = await changeAndShow(context, attachmentView, (operations) =>
      change(operations, policies, { users, groups }),
    );
    for (const { PolicyName, UserName, GroupName, Changed } of changes) {
      if (!Changed) context.output.remark(`remark: ${PolicyName} ${already} ${UserName ?? GroupName}`);
    }
  });
}
