import { checkDocument } from '../../core/policy/check.ts';
import { describePolicy } from '../../core/workflows/policy.ts';
import { policyView } from '../../view/policy.ts';
import type { RamctlCommand } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { changeAndShow } from '../output.ts';
import { usageError } from '../usage-error.ts';

export function declareCreate(noun: RamctlCommand): void {
  const verb = noun.verb('create <name>', 'Create a custom policy', [
    '# Create a policy from a file',
    'ramctl policy create IotFromOffice --document policy.json --description "IoT reads from the office"',
    '# Create a policy and print only its name',
    'ramctl policy create IotReads --document policy.json --query PolicyName',
  ]);
  verb.description(
    'Creates a custom policy; its document becomes version v1. Warns about suspicious parts of the document. Fails if ' +
      'the document is not valid, or if a system or custom policy of this name exists. Prints the policy.',
  );
  verb.requiredOption('--document <file>', 'policy document: path to a JSON file, or - for stdin');
  verb.option('--description <text>', 'description of the policy');
  verb.setAction<{ document: string; description?: string }>(
    async (context, { document, description: Description }, PolicyName: string) => {
      const PolicyDocument = await readDocument(context, document);
      await changeAndShow(context, policyView, async (operations) => {
        await operations.createPolicy({ PolicyName, PolicyDocument, Description });
        return describePolicy(operations, PolicyName);
      });
    },
  );
}

type EditOptions = { document?: string; notDefault?: boolean; rotate?: boolean; description?: string };

export function declareEdit(noun: RamctlCommand): void {
  const verb = noun.verb('edit <name>', 'Change the document or the description of a custom policy', [
    '# Replace the document with a new default version',
    'ramctl policy edit IotFromOffice --document policy.json',
    '# Add a version, but do not make it the default version yet',
    'ramctl policy edit IotFromOffice --document policy.json --not-default --rotate',
    '# Change only the description',
    'ramctl policy edit IotFromOffice --description "IoT reads"',
  ]);
  verb.description(
    'Changes a custom policy. A new document becomes a new version, which is the default version unless --not-default ' +
      'is given. A policy can have five versions; a sixth is refused unless --rotate is given. System policies cannot ' +
      'be changed. Prints the policy.',
  );
  verb.option('--document <file>', 'new policy document: path to a JSON file, or - for stdin');
  verb.option('--not-default', 'keep the current default version; see policy set-default');
  verb.option('--rotate', 'if five versions exist, delete the oldest one that is not the default version');
  verb.option('--description <text>', 'new description; an empty text deletes it');
  verb.setAction<EditOptions>(async (context, options, PolicyName: string) => {
    const { document, description: NewDescription, notDefault, rotate } = options;
    if (document === undefined && NewDescription === undefined) {
      throw usageError('nothing to change', '--document', `ramctl policy edit ${PolicyName} --document <file>`);
    }
    if (document === undefined && (notDefault || rotate)) {
      throw usageError('--not-default and --rotate require --document', '--document');
    }
    const PolicyDocument = document === undefined ? undefined : await readDocument(context, document);
    await changeAndShow(context, policyView, async (operations) => {
      if (NewDescription !== undefined) await operations.updatePolicyDescription({ PolicyName, NewDescription });
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

export function declareSetDefault(noun: RamctlCommand): void {
  const verb = noun.verb('set-default <name> <version>', 'Set the default version of a custom policy', [
    '# Go back to the first version',
    'ramctl policy set-default IotFromOffice v1',
    '# The same, and print only the ID of the default version',
    'ramctl policy set-default IotFromOffice v1 --query DefaultVersion',
  ]);
  verb.description(
    'Makes an existing version of a custom policy the default version, which is the version in force. Fails if the ' +
      'version does not exist. Prints the policy.',
  );
  verb.setAction(async (context, _, PolicyName: string, VersionId: string) => {
    await changeAndShow(context, policyView, async (operations) => {
      await operations.setDefaultPolicyVersion({ PolicyName, VersionId });
      return describePolicy(operations, PolicyName);
    });
  });
}

/** Reads a policy document and writes its warnings as remarks. The directory rejects an invalid document. */
async function readDocument(context: CommandContext, path: string): Promise<string> {
  const { text } = await context.readInput(path);
  const { findings } = await checkDocument(text);
  for (const { Severity, Line, Column, Message } of findings) {
    if (Severity === 'Warning') context.output.remark(`remark: line ${Line}, column ${Column}: ${Message}`);
  }
  return text;
}
