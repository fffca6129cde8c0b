import { InvalidArgumentError } from 'commander';
import type { Operations, Tag, TaggedType } from '../core/directory.ts';
import type { RamctlCommand } from './command.ts';
import { collect } from './option-parsers.ts';

/** The options of `addTagOption` and `addTagChangeOptions`. */
export interface TagOptions {
  tag?: Tag[];
  untag?: string[];
}

/** The option parser of `--tag`, which can be repeated. The first `=` ends the key. */
function parseTag(text: string, earlier: Tag[] = []): Tag[] {
  const [, Key, Value = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (Key === undefined) throw new InvalidArgumentError('It must be a key and a value, such as team=iot.');
  return [...earlier, { Key, Value }];
}

/** Declares `--tag` of a verb that creates something with tags, or lists what has them. */
export function addTagOption(verb: RamctlCommand, text: string): void {
  verb.option('--tag <key=value>', `${text}; can be repeated`, parseTag);
}

/** Declares `--tag` and `--untag` of a verb that changes tags. */
export function addTagChangeOptions(verb: RamctlCommand): void {
  addTagOption(verb, 'tag to set');
  verb.option('--untag <key>', 'key of a tag to remove; can be repeated', collect);
}

/** Sets and removes tags as the options say. @throws as `tagResources` */
export async function changeTags(
  operations: Operations,
  ResourceType: TaggedType,
  name: string,
  { tag, untag }: TagOptions,
): Promise<void> {
  const target = { ResourceType, ResourceNames: [name] };
  if (untag) await operations.untagResources({ ...target, TagKeys: untag });
  if (tag) await operations.tagResources({ ...target, Tag: tag });
}

/** Returns the values of `--tag` that set these tags, for `buildArgs`. */
export function toTagFlags(tags: Tag[] = []): string[] {
  return tags.map(({ Key, Value = '' }) => `${Key}=${Value}`);
}
