import type { RamctlCommand } from '../command.ts';
import { declareBind } from './bind.ts';
import { declareDisable } from './disable.ts';
import { declareEnable } from './enable.ts';
import { declareGet, declareList } from './get.ts';

export function declare(noun: RamctlCommand): void {
  declareEnable(noun);
  declareBind(noun);
  declareDisable(noun);
  declareGet(noun);
  declareList(noun);
}
