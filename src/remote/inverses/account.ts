import type { Tag, TaggedType, TagResource } from '../../core/directory.ts';
import { foldCase } from '../../core/state.ts';
import type { RemoteOperations } from '../operations.ts';
import { type Change, describeChange, editCommand, type Inverses, pick, undoable } from './change.ts';

export const accountInverses = {
  async tagResources({ operations }, { ResourceType, ResourceNames, Tag }) {
    const before = await operations.listTagResources({ ResourceType, ResourceNames });
    return {
      changes: () =>
        ResourceNames.map((name) => {
          const keys = Tag.map(({ Key }) => Key);
          const earlier = tagsOf(before, name).filter(({ Key }) => keys.includes(Key));
          const added = keys.filter((key) => !earlier.some(({ Key }) => Key === key));
          return tagChange(ResourceType, name, { earlier, added }, async () => {
            const target = { ResourceType, ResourceNames: [name] };
            if (earlier.length > 0) await operations.tagResources({ ...target, Tag: earlier });
            if (added.length > 0) await operations.untagResources({ ...target, TagKeys: added });
          });
        }),
    };
  },

  async untagResources({ operations }, { ResourceType, ResourceNames, TagKeys }) {
    const before = await operations.listTagResources({ ResourceType, ResourceNames });
    return {
      changes: () =>
        ResourceNames.flatMap((name) => {
          const Tag = tagsOf(before, name).filter(({ Key }) => !TagKeys || TagKeys.includes(Key));
          if (Tag.length === 0) return [];
          const undo = () => operations.tagResources({ ResourceType, ResourceNames: [name], Tag });
          return [tagChange(ResourceType, name, { earlier: Tag, added: [] }, undo)];
        }),
    };
  },

  setAccountAlias: ({ operations }) => accountAlias(operations),
  clearAccountAlias: ({ operations }) => accountAlias(operations),

  async setPasswordPolicy({ operations }, input) {
    const earlier = pick(await operations.getPasswordPolicy(), input);
    const undo = () => operations.setPasswordPolicy(earlier);
    return {
      changes: () => [
        undoable('Account', 'password policy', describeChange(earlier), 'ramctl account settings get', undo),
      ],
    };
  },

  async setSecurityPreference({ operations }, input) {
    const earlier = pick(await operations.getSecurityPreference(), input);
    const undo = () => operations.setSecurityPreference(earlier);
    return {
      changes: () => [
        undoable('Account', 'security preference', describeChange(earlier), 'ramctl account settings get', undo),
      ],
    };
  },
} satisfies Partial<Inverses>;

/** Returns the tags of one entity as requests have them. */
function tagsOf(tags: TagResource[], name: string): Tag[] {
  const own = tags.filter(({ ResourceName }) => foldCase(ResourceName) === foldCase(name));
  return own.map(({ TagKey, TagValue }) => ({ Key: TagKey, Value: TagValue }));
}

function tagChange(
  type: TaggedType,
  name: string,
  { earlier, added }: { earlier: Tag[]; added: string[] },
  undo: () => Promise<unknown>,
): Change {
  const kind = ({ user: 'User', role: 'Role', policy: 'Policy' } as const)[type];
  const command = editCommand(type, name, [
    ...earlier.map(({ Key, Value }): [string, string] => ['tag', `${Key}=${Value}`]),
    ...added.map((Key): [string, string] => ['untag', Key]),
  ]);
  return undoable(kind, name, 'tags changed', command, undo);
}

async function accountAlias(operations: RemoteOperations) {
  const { AccountAlias } = await operations.getAccountAlias();
  const undo = () =>
    AccountAlias === null ? operations.clearAccountAlias() : operations.setAccountAlias({ AccountAlias });
  const command = `ramctl account alias ${AccountAlias ?? '--clear'}`;
  return { changes: () => [undoable('Account', 'alias', 'changed', command, undo)] };
}
