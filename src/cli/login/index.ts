import type { RamctlCommand } from '../command.ts';
import { declareDelete } from './delete.ts';
import { declareGet } from './get.ts';
import { declareSet } from './set.ts';
import { declareSwitch } from './switch.ts';

export function declare(noun: RamctlCommand): void {
  declareSet(noun);
  declareGet(noun);
  declareSwitch(noun, 'enable', 'switch console logon on');
  declareSwitch(noun, 'disable', 'switch console logon off; password and settings stay');
  declareDelete(noun);
}
