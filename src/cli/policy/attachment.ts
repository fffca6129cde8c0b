import type { Operations } from '../../core/directory.ts';
import type { AttachmentChange } from '../../core/journeys/attach.ts';
import { attachmentView } from '../../view/policy.ts';
import { usage } from '../app.ts';
import { collect, type RamctlCommand } from '../command.ts';

interface Attachment {
  word: 'attach' | 'detach';
  summary: string;
  already: string;
  change: (operations: Operations, policies: string[], users: string[]) => Promise<AttachmentChange[]>;
}

/** `policy attach` and `policy detach`: all in one transaction, repeating is fine. */
export function declareAttachment(noun: RamctlCommand, { word, summary, already, change }: Attachment): void {
  const verb = noun.verb(`${word} <policy...>`, summary, [
    `ramctl policy ${word} AliyunIOTReadOnlyAccess --user alice`,
    `ramctl policy ${word} AliyunOSSReadOnlyAccess AliyunECSReadOnlyAccess --user alice --user bob`,
  ]);
  verb.option('--user <name>', 'a user; may be repeated', collect);
  verb.does<{ user?: string[] }>(async (app, { user: users = [] }, policies: string[]) => {
    if (users.length === 0) throw usage('whose policies?', '--user', 'add --user <name>');
    const changes = await app.change(attachmentView, (operations) => change(operations, policies, users));
    for (const { PolicyName, UserName, Changed } of changes) {
      if (!Changed) app.note(`remark: ${PolicyName} ${already} ${UserName}`);
    }
  });
}
