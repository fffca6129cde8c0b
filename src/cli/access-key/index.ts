import type { RamctlCommand } from '../command.ts';
import { declareCreate } from './create.ts';
import { declareDelete } from './delete.ts';
import { declareEnableDisable } from './enable-disable.ts';
import { declareLastUsed } from './last-used.ts';
import { declareList } from './list.ts';
import { declareRotate } from './rotate.ts';
import { declareRotation } from './rotation.ts';
import { declareVerify } from './verify.ts';

export function declare(noun: RamctlCommand): void {
  noun.addVerbs(declareCreate, declareList, declareLastUsed, declareEnableDisable, declareDelete);
  noun.addVerbs(declareVerify, declareRotate, declareRotation);
}
