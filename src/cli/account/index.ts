import type { RamctlCommand } from '../command.ts';
import { declareAlias } from './alias.ts';
import { declareSettings } from './settings.ts';

export function declare(noun: RamctlCommand): void {
  noun.addVerbs(declareAlias, declareSettings);
}
