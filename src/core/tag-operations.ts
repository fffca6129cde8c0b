/** A tag of a request. Without a value, a filter matches every value, and a new tag has an empty value. */
export interface Tag {
  Key: string;
  Value?: string | undefined;
}

/** A tag of a response. */
export type ResourceTag = Record<'TagKey' | 'TagValue', string>;

/** Matches what has all of these tags. */
export interface TagFilter {
  Tag?: Tag[] | undefined;
}

/** The kinds of entities that can have tags: users in IMS 2019-08-15, roles and custom policies in RAM 2015-05-01. */
export type TaggedType = 'user' | 'role' | 'policy';

interface TagTargets {
  ResourceType: TaggedType;
  ResourceNames: string[];
}

/** `ResourceId` is absent for policies, which have no id. */
export type TagResource = ResourceTag & { ResourceType: TaggedType; ResourceId?: string; ResourceName: string };

export interface TagOperations {
  /**
   * Adds tags. A tag with the same key gets the new value.
   * @throws EntityNotExist.*, InvalidParameter.Tag*, LimitExceeded.*.Tag
   */
  tagResources(input: TagTargets & { Tag: Tag[] }): Promise<void>;
  /**
   * Removes the tags with these keys, or without keys and with `All` every tag. Tags that do not exist are ignored.
   * @throws EntityNotExist.*, MissingTagKeys
   */
  untagResources(input: TagTargets & { TagKeys?: string[] | undefined; All?: boolean | undefined }): Promise<void>;
  /**
   * Returns the tags of the entities that have all tags of the filter, sorted by name and key. Without names, all
   * entities of this type are searched. @throws EntityNotExist.*
   */
  listTagResources(
    input: Pick<TagTargets, 'ResourceType'> & Partial<Pick<TagTargets, 'ResourceNames'>> & TagFilter,
  ): Promise<TagResource[]>;
}
