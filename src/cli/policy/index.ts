import type { RamctlCommand } from '../command.ts';
import { declareAttachDetach } from './attach-detach.ts';
import { declareCreate } from './create.ts';
import { declareDelete } from './delete.ts';
import { declareDiff } from './diff.ts';
import { declareEdit } from './edit.ts';
import { declareGet } from './get.ts';
import { declareList } from './list.ts';
import { declareSetDefault } from './set-default.ts';
import { declareSimulate } from './simulate.ts';
import { declareSystem } from './system.ts';
import { declareValidate } from './validate.ts';
import { declareVersions } from './versions.ts';

export function declare(noun: RamctlCommand): void {
  noun.addVerbs(declareList, declareGet, declareCreate, declareEdit, declareVersions, declareSetDefault);
  noun.addVerbs(declareDelete, declareValidate, declareDiff, declareAttachDetach, declareSimulate, declareSystem);
}
