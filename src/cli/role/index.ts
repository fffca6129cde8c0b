import type { RamctlCommand } from '../command.ts';
import { declareCreate } from './create.ts';
import { declareDelete } from './delete.ts';
import { declareEdit } from './edit.ts';
import { declareGet } from './get.ts';
import { declareList } from './list.ts';

export function declare(noun: RamctlCommand): void {
  noun.addVerbs(declareCreate, declareList, declareGet, declareEdit, declareDelete);
}
