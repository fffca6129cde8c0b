import type { RamctlCommand } from '../command.ts';
import { declareBind } from './bind.ts';
import { declareDelete } from './delete.ts';
import { declareDisable } from './disable.ts';
import { declareEnable } from './enable.ts';
import { declareGet } from './get.ts';
import { declareList } from './list.ts';

export function declare(noun: RamctlCommand): void {
  noun.addVerbs(declareEnable, declareBind, declareDisable, declareDelete, declareGet, declareList);
}
