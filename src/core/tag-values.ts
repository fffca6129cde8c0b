import { Failure } from './failure.ts';
import { QUOTAS } from './quotas.ts';
import type { Tags } from './state.ts';
import type { ResourceTag, Tag, TaggedType } from './tag-operations.ts';
import { assertValidText, throwInvalid } from './validation.ts';

/** RAM TagResources and IMS TagResources: the longest value. */
const MAX_VALUE_LENGTH = { user: 128, role: 256, policy: 256 };

/** Returns the tags as responses have them, sorted by key. */
export function toTagList(tags: Tags = {}): ResourceTag[] {
  const list = Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
  return list.sort((left, right) => (left.TagKey < right.TagKey ? -1 : 1));
}

/** Returns whether there is a tag for each tag of the filter. */
export function matchesTags(tags: Tags = {}, filter: Tag[] = []): boolean {
  return filter.every(({ Key, Value }) => Object.hasOwn(tags, Key) && (Value === undefined || tags[Key] === Value));
}

/** Adds tags to a record, or replaces their values. @throws Failure InvalidParameter.Tag*, LimitExceeded.*.Tag */
export function setTags(type: TaggedType, record: { Tags?: Tags }, tags: Tag[] = []): void {
  if (tags.length === 0) return;
  const added = tags.map(({ Key, Value = '' }) => [Key, Value] as const);
  const twice = added.find(([key], index) => added.findIndex(([other]) => other === key) !== index);
  if (twice) throwInvalid('Tag', 'Duplicate', `Tag has the key ${twice[0]} twice`);
  // `fromEntries` also sets a key such as __proto__, which an assignment would not.
  const all = Object.fromEntries([...Object.entries(record.Tags ?? {}), ...added]);
  assertValidTags(type, all);
  record.Tags = all;
}

/** @throws Failure InvalidParameter.TagKey.*, InvalidParameter.TagValue.*, LimitExceeded.*.Tag */
export function assertValidTags(type: TaggedType, tags: Tags = {}): void {
  const entries = Object.entries(tags);
  for (const [key, value] of entries) {
    assertValidText(key, 'TagKey');
    assertNoUrl(key, 'TagKey');
    if (/^(aliyun|acs:)/.test(key)) throwInvalid('TagKey', 'Format', 'TagKey must not start with aliyun or acs:');
    if (value !== '') assertValidText(value, 'TagValue', MAX_VALUE_LENGTH[type]);
    assertNoUrl(value, 'TagValue');
  }
  if (entries.length <= QUOTAS.TagsPerResource) return;
  const code = `LimitExceeded.${type.charAt(0).toUpperCase()}${type.slice(1)}.Tag`;
  throw new Failure('refused', code, `a ${type} can have at most ${QUOTAS.TagsPerResource} tags`, { Field: 'Tag' });
}

export function assertNoUrl(text: string, parameter: string): void {
  if (/https?:\/\//.test(text)) throwInvalid(parameter, 'Format', `${parameter} must not contain http:// or https://`);
}
