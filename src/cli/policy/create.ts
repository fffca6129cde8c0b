import { describePolicy } from '../../core/workflows/policy.ts';
import { policyView } from '../../view/policy.ts';
import type { RamctlCommand } from '../command.ts';
import { changeAndShow } from '../output.ts';
import { addTagOption, type TagOptions } from '../tags.ts';
import { readDocument } from './read-document.ts';

export function declare(noun: RamctlCommand): void {
  const verb = noun.verb('create <name>', 'Create a custom policy', {
    'Create a policy from a file': 'ramctl policy create IotFromOffice --document policy.json --description "Read IoT"',
    'Create a policy and print its name': 'ramctl policy create IotReads --document policy.json --query PolicyName',
  });
  verb.describe(`Creates a custom policy; its document becomes version v1. Warns about suspicious parts of the
    document. Fails if the document is not valid, or if a system or custom policy of this name exists. Prints the
    policy.`);
  verb.requiredOption('--document <file>', 'policy document: path to a JSON file, or - for stdin');
  verb.option('--description <text>', 'description of the policy');
  addTagOption(verb, 'tag of the policy');
  verb.createsDirectory();
  type Options = TagOptions & { document: string; description?: string };
  verb.setAction<Options>(async (context, { document, description: Description, tag: Tag }, PolicyName: string) => {
    const PolicyDocument = await readDocument(context, document);
    await changeAndShow(context, policyView, async (operations) => {
      await operations.createPolicy({ PolicyName, PolicyDocument, Description, Tag });
      return describePolicy(operations, PolicyName);
    });
  });
}
