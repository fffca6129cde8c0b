import { resolvePolicy } from '../../core/workflows/attachment.ts';
import { describePolicy } from '../../core/workflows/policy.ts';
import { policyView, versionListView } from '../../view/policy.ts';
import type { RamctlCommand } from '../command.ts';
import { changeAndShow } from '../output.ts';

export function declareVersions(noun: RamctlCommand): void {
  const verb = noun.verb('versions <name>', 'the versions of a policy', ['ramctl policy versions IotFromOffice']);
  verb.setAction(async (context, _, name: string) => {
    const versions = await context.directory.reading(async (operations) =>
      operations.listPolicyVersions(await resolvePolicy(operations, name)),
    );
    await context.output.show(versionListView, versions);
  });
}

export function declareSetDefault(noun: RamctlCommand): void {
  const verb = noun.verb('set-default <name> <version>', 'put a version of a custom policy in force', [
    'ramctl policy set-default IotFromOffice v1',
  ]);
  verb.setAction(async (context, _, PolicyName: string, VersionId: string) => {
    await changeAndShow(context, policyView, async (operations) => {
      await operations.setDefaultPolicyVersion({ PolicyName, VersionId });
      return describePolicy(operations, PolicyName);
    });
  });
}
