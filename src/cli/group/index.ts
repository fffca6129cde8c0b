import { addUsersToGroup, removeUsersFromGroup } from '../../core/workflows/attachment.ts';
import type { RamctlCommand } from '../command.ts';
import { declareCreate } from './create.ts';
import { declareDelete } from './delete.ts';
import { declareEdit } from './edit.ts';
import { declareGet, declareList } from './get.ts';
import { declareMembership } from './membership.ts';

export function declare(noun: RamctlCommand): void {
  declareCreate(noun);
  declareList(noun);
  declareGet(noun);
  declareEdit(noun);
  declareMembership(noun, {
    word: 'add',
    summary: 'put users into a group',
    already: 'already',
    change: addUsersToGroup,
  });
  declareMembership(noun, {
    word: 'remove',
    summary: 'take users out of a group',
    already: 'not',
    change: removeUsersFromGroup,
  });
  declareDelete(noun);
}
