import { resolvePolicy } from '../../core/journeys/attach.ts';
import { policyView } from '../../view/policy.ts';
import type { RamctlCommand } from '../command.ts';

export function declareGet(noun: RamctlCommand): void {
  const verb = noun.verb('get <name>', 'a policy with its document and who has it', [
    'ramctl policy get AliyunIOTReadOnlyAccess',
    'ramctl policy get ReadOnlyAccess --version-id v2',
  ]);
  verb.option('--version-id <version>', 'another version than the default');
  verb.does<{ versionId?: string }>(async (app, { versionId }, name: string) => {
    const details = await app.directory.reading(async (operations) => {
      const ref = await resolvePolicy(operations, name);
      const policy = await operations.getPolicy(ref);
      const VersionId = versionId ?? policy.DefaultVersion;
      const version = await operations.getPolicyVersion({ ...ref, VersionId });
      const { IsDefaultVersion, PolicyDocument } = version;
      return {
        ...policy,
        VersionId,
        IsDefaultVersion,
        PolicyDocument,
        ...(await operations.listEntitiesForPolicy(ref)),
      };
    });
    await app.show(policyView, details);
  });
}
