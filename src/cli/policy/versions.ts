import { resolvePolicy } from '../../core/journeys/attach.ts';
import { describePolicy } from '../../core/journeys/policies.ts';
import { policyView, versionListView } from '../../view/policy.ts';
import type { RamctlCommand } from '../command.ts';

export function declareVersions(noun: RamctlCommand): void {
  const verb = noun.verb('versions <name>', 'the versions of a policy', ['ramctl policy versions IotFromOffice']);
  verb.does(async (app, _, name: string) => {
    const versions = await app.directory.reading(async (operations) =>
      operations.listPolicyVersions(await resolvePolicy(operations, name)),
    );
    await app.show(versionListView, versions);
  });
}

export function declareSetDefault(noun: RamctlCommand): void {
  const verb = noun.verb('set-default <name> <version>', 'put a version of a custom policy in force', [
    'ramctl policy set-default IotFromOffice v1',
  ]);
  verb.does(async (app, _, PolicyName: string, VersionId: string) => {
    await app.change(policyView, async (operations) => {
      await operations.setDefaultPolicyVersion({ PolicyName, VersionId });
      return describePolicy(operations, PolicyName);
    });
  });
}
