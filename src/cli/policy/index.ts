import { attachPolicies, detachPolicies } from '../../core/journeys/attach.ts';
import type { RamctlCommand } from '../command.ts';
import { declareAttachment } from './attachment.ts';
import { declareGet } from './get.ts';
import { declareList } from './list.ts';

export function declare(noun: RamctlCommand): void {
  declareList(noun);
  declareGet(noun);
  declareAttachment(noun, {
    word: 'attach',
    summary: 'give policies to users',
    already: 'is attached already to',
    change: attachPolicies,
  });
  declareAttachment(noun, {
    word: 'detach',
    summary: 'take policies from users',
    already: 'is not attached to',
    change: detachPolicies,
  });
}
