import type { RamctlCommand } from '../command.ts';
import { declareDelete } from './delete.ts';
import { declareEnableDisable } from './enable-disable.ts';
import { declareGet } from './get.ts';
import { declareSet } from './set.ts';

export function declare(noun: RamctlCommand): void {
  noun.addVerbs(declareSet, declareGet, declareEnableDisable, declareDelete);
}
