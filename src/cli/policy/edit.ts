import { describePolicy } from '../../core/workflows/policy.ts';
import { policyView } from '../../view/policy.ts';
import type { RamctlCommand } from '../command.ts';
import { changeAndShow } from '../output.ts';
import { usageError } from '../usage-error.ts';
import { readCheckedDocument } from './read-document.ts';

interface Options {
  document?: string;
  notDefault?: boolean;
  rotate?: boolean;
  description?: string;
}

export function declareEdit(noun: RamctlCommand): void {
  const verb = noun.verb('edit <name>', 'change a custom policy: a new document is a new version', [
    'ramctl policy edit IotFromOffice --document policy.json',
    'ramctl policy edit IotFromOffice --document policy.json --not-default --rotate',
    'ramctl policy edit IotFromOffice --description "IoT reads"',
  ]);
  verb.option('--document <file>', 'the new document, a JSON file or - for stdin');
  verb.option('--not-default', 'keep the version that is in force; see policy set-default');
  verb.option('--rotate', 'when there are five versions, drop the oldest that is not in force');
  verb.option('--description <text>', 'what it is for; empty: none');
  verb.setAction<Options>(async (context, options, PolicyName: string) => {
    const { document, description, notDefault, rotate } = options;
    if (document === undefined && description === undefined) {
      throw usageError('nothing to change', '--document', `ramctl policy edit ${PolicyName} --document <file>`);
    }
    if (document === undefined && (notDefault || rotate)) {
      throw usageError('--not-default and --rotate are about a new document', '--document');
    }
    const PolicyDocument = document === undefined ? undefined : await readCheckedDocument(context, document);
    await changeAndShow(context, policyView, async (operations) => {
      if (description !== undefined) {
        await operations.updatePolicyDescription({ PolicyName, NewDescription: description });
      }
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
