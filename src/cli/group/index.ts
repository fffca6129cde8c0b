import type { RamctlCommand } from '../command.ts';
import { declareAddRemove } from './add-remove.ts';
import { declareCreate } from './create.ts';
import { declareDelete } from './delete.ts';
import { declareEdit } from './edit.ts';
import { declareGet } from './get.ts';
import { declareList } from './list.ts';

export function declare(noun: RamctlCommand): void {
  declareCreate(noun);
  declareList(noun);
  declareGet(noun);
  declareEdit(noun);
  declareAddRemove(noun);
  declareDelete(noun);
}
