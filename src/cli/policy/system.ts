import { parseSystemPolicies } from '../../parse/system-policies.ts';
import { importedPolicyListView } from '../../view/policy.ts';
import type { RamctlCommand } from '../command.ts';
import { changeAndShow } from '../output.ts';

export function declare(noun: RamctlCommand): void {
  declareImport(noun.subgroup('system', 'Import the documents of system policies'));
}

const POLICY_GET_HINT = '"ramctl policy get <name>" prints the document that the target uses';

function declareImport(noun: RamctlCommand): void {
  const verb = noun.verb('import <file>', 'Import documents of system policies from an account', {
    'Replace documents with those of an account': 'ramctl policy system import system-policies.json',
    'Print the names of the policies that changed':
      'ramctl policy system import system-policies.json --query "[?Changed].PolicyName"',
  });
  verb.describe(`Replaces the documents that ramctl has for system policies, or adds system policies that ramctl does not
    know. The file, or stdin for -, contains JSON as "aliyun ram GetPolicy --PolicyName <name> --PolicyType System"
    prints it: one response, a list, or one response after the other. Imports all policies or none. Fails if a document is
    not valid, or if a custom policy has the same name. Prints the policies.`);
  verb.setLocalAction(POLICY_GET_HINT, async (context, _, path: string) => {
    // In Windows PowerShell, `aliyun … > file` writes UTF-16.
    const { text } = await context.readInput(path, 'auto');
    const Policies = parseSystemPolicies(text);
    await changeAndShow(context, importedPolicyListView, (operations) => operations.importSystemPolicies({ Policies }));
  });
}
