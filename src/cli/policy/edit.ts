import { shellCommand } from '../../core/shell-command.ts';
import { describePolicy } from '../../core/workflows/policy.ts';
import { policyView } from '../../view/policy.ts';
import type { RamctlCommand } from '../command.ts';
import { changePermissions } from '../remarks.ts';
import { addTagChangeOptions, changeTags, type TagOptions } from '../tags.ts';
import { usageError } from '../usage-error.ts';
import { readDocument } from './read-document.ts';

type Options = TagOptions & { document?: string; notDefault?: boolean; rotate?: boolean; description?: string };

export function declare(noun: RamctlCommand): void {
  const verb = noun.verb('edit <name>', 'Change the document, the description or the tags of a custom policy', {
    'Replace the document with a new default version': 'ramctl policy edit IotFromOffice --document policy.json',
    'Add a version, but do not make it the default version yet':
      'ramctl policy edit IotFromOffice --document policy.json --not-default --rotate',
    'Set a tag': 'ramctl policy edit IotFromOffice --tag team=iot',
    'Change only the description': 'ramctl policy edit IotFromOffice --description "IoT reads"',
  });
  verb.describe(`Changes a custom policy and prints it. A new document becomes a new version, and the default version
    unless --not-default is set. Refuses a sixth version, unless --rotate is set.`);
  verb.option('--document <file>', 'new policy document: path to a JSON file, or - for stdin');
  verb.option('--not-default', 'keep the current default version; see policy set-default');
  verb.option('--rotate', 'if five versions exist, delete the oldest one that is not the default version');
  verb.option('--description <text>', 'new description; an empty text deletes it');
  addTagChangeOptions(verb);
  verb.setAction<Options>(async (context, options, PolicyName: string) => {
    const { document, description: NewDescription, notDefault, rotate } = options;
    if ([document, NewDescription, options.tag, options.untag].every((value) => value === undefined)) {
      throw usageError(
        'nothing to change',
        '--document',
        shellCommand`ramctl policy edit ${PolicyName} --document <file>`,
      );
    }
    if (document === undefined && (notDefault || rotate)) {
      throw usageError('--not-default and --rotate require --document', '--document');
    }
    const PolicyDocument = document === undefined ? undefined : await readDocument(context, document);
    const changesDefault = PolicyDocument !== undefined && !notDefault;
    const policies = changesDefault ? [PolicyName] : [];
    const scope = {
      affected: 'documents',
      policies,
      toEffect: () => ({ isChanged: changesDefault, policies }),
    } as const;
    await changePermissions(context, policyView, scope, async (operations) => {
      if (NewDescription !== undefined) await operations.updatePolicyDescription({ PolicyName, NewDescription });
      await changeTags(operations, 'policy', PolicyName, options);
      if (PolicyDocument === undefined) return describePolicy(operations, PolicyName);
      const { VersionId } = await operations.createPolicyVersion({
        PolicyName,
        PolicyDocument,
        SetAsDefault: !notDefault,
        RotateStrategy: rotate ? 'DeleteOldestNonDefaultVersionWhenLimitExceeded' : 'None',
      });
      return describePolicy(operations, PolicyName, VersionId);
    });
  });
}
