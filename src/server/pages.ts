import { foldCase } from '../core/state.ts';
import type { ResponseContext } from '../rpc/action.ts';
import { integer, invalidParameter, optional, text } from '../rpc/parameters.ts';
import { pick } from '../rpc/responses.ts';
import type { Parameters } from '../rpc/signature.ts';

const DEFAULT_PAGE_SIZE = 100;

/**
 * Cuts one page out of a list that is in the order of its names. The marker is the last name of the page before, so
 * that nothing is skipped or comes twice when the list changes meanwhile. `most`: the largest MaxItems.
 * @throws Failure InvalidParameter.MaxItems, InvalidParameter.Marker
 */
export function selectPage(parameters: Parameters, most: number | undefined): ResponseContext['page'] {
  if (most === undefined) return () => ({});
  const size = optional(integer)(parameters, 'MaxItems') ?? DEFAULT_PAGE_SIZE;
  if (size < 1 || size > most) throw invalidParameter('MaxItems', `must be from 1 to ${most}`);
  const marker = optional(text)(parameters, 'Marker') || undefined;
  const after = marker === undefined ? '' : nameOf(marker);
  return (all, [plural, singular], name, members) => {
    const rest = after === '' ? all : all.filter((each) => foldCase(String(each[name])) > after);
    const found = rest.slice(0, size);
    const last = found.at(-1);
    const isTruncated = rest.length > size && last !== undefined;
    return {
      [plural]: { [singular]: found.map((each) => pick(each, ...members)) },
      IsTruncated: isTruncated,
      ...(isTruncated ? { Marker: Buffer.from(foldCase(String(last[name]))).toString('base64url') } : {}),
    };
  };
}

function nameOf(marker: string): string {
  const name = Buffer.from(marker, 'base64url').toString('utf8');
  if (Buffer.from(name).toString('base64url') === marker && /^[\w.-]+$/.test(name)) return name;
  throw invalidParameter('Marker', 'is not one that was given out');
}
