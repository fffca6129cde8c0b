import { attachPolicies, detachPolicies } from '../../core/workflows/attachment.ts';
import type { RamctlCommand } from '../command.ts';
import { declareAttachDetach } from './attach-detach.ts';
import { declareCreate } from './create.ts';
import { declareDelete } from './delete.ts';
import { declareEdit } from './edit.ts';
import { declareGet } from './get.ts';
import { declareList } from './list.ts';
import { declareSimulate } from './simulate.ts';
import { declareValidate } from './validate.ts';
import { declareSetDefault, declareVersions } from './versions.ts';

export function declare(noun: RamctlCommand): void {
  declareList(noun);
  declareGet(noun);
  declareCreate(noun);
  declareEdit(noun);
  declareVersions(noun);
  declareSetDefault(noun);
  declareDelete(noun);
  declareValidate(noun);
  declareAttachDetach(noun, {
    word: 'attach',
    summary: 'give policies to users and groups',
    already: 'is attached already to',
    change: attachPolicies,
  });
  declareAttachDetach(noun, {
    word: 'detach',
    summary: 'take policies from users and groups',
    already: 'is not attached to',
    change: detachPolicies,
  });
  declareSimulate(noun);
}
