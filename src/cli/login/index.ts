import type { RamctlCommand } from '../command.ts';
import { declareDelete } from './delete.ts';
import { declareEnableDisable } from './enable-disable.ts';
import { declareGet } from './get.ts';
import { declareSet } from './set.ts';

export function declare(noun: RamctlCommand): void {
  declareSet(noun);
  declareGet(noun);
  declareEnableDisable(noun, 'enable', 'Enable console logon', 'The user can log on again with the same password.');
  declareEnableDisable(
    noun,
    'disable',
    'Disable console logon',
    'The user can no longer log on; the password is kept.',
  );
  declareDelete(noun);
}
