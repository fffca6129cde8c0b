import { foldCase } from '../core/state.ts';
import type { Answering } from '../rpc/action.ts';
import { only } from '../rpc/answers.ts';
import { invalid, optional, text, whole } from '../rpc/parameters.ts';
import type { Parameters } from '../rpc/signature.ts';

const USUAL = 100;

/**
 * Cuts one page out of a list that is in the order of its names. The marker is the last name of the page before, so
 * that nothing is skipped or comes twice when the list changes meanwhile. `most`: the largest MaxItems.
 * @throws Failure InvalidParameter.MaxItems, InvalidParameter.Marker
 */
export function paged(parameters: Parameters, most: number | undefined): Answering['page'] {
  if (most === undefined) return () => ({});
  const size = optional(whole)(parameters, 'MaxItems') ?? USUAL;
  if (size < 1 || size > most) throw invalid('MaxItems', `must be from 1 to ${most}`);
  const marker = optional(text)(parameters, 'Marker') || undefined;
  const after = marker === undefined ? '' : nameIn(marker);
  return (all, [plural, singular], name, members) => {
    const rest = after === '' ? all : all.filter((each) => foldCase(String(each[name])) > after);
    const found = rest.slice(0, size);
    const last = found.at(-1);
    const isTruncated = rest.length > size && last !== undefined;
    return {
      [plural]: { [singular]: found.map((each) => only(each, ...members)) },
      IsTruncated: isTruncated,
      ...(isTruncated ? { Marker: Buffer.from(foldCase(String(last[name]))).toString('base64url') } : {}),
    };
  };
}

function nameIn(marker: string): string {
  const name = Buffer.from(marker, 'base64url').toString('utf8');
  if (Buffer.from(name).toString('base64url') === marker && /^[\w.-]+$/.test(name)) return name;
  throw invalid('Marker', 'is not one that was given out');
}
