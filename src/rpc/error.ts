import type { Failure } from '../core/failure.ts';

/** What the wire says of a refusal. */
export interface WireError {
  status: number;
  Code: string;
  Message: string;
}

/** By the beginning of RAM's code (RAM API 2015-05-01, error catalogue; the gateway's codes beside it). */
const STATUSES: [prefix: string, status: number][] = [
  ['InvalidAccessKeyId.NotFound', 404],
  ['InvalidAction.NotFound', 404],
  ['Throttling', 429],
  ['Forbidden', 403],
  ['NoPermission', 403],
  ['CheckAuthenticationCodeFail', 403],
  ['EntityNotExist', 404],
  ['EntityAlreadyExists', 409],
  ['DeleteConflict', 409],
  ['LimitExceeded', 409],
  ['Invalid', 400],
  ['Malformed', 400],
  ['Missing', 400],
  ['Incomplete', 400],
  ['Signature', 400],
  ['NotSupport', 400],
];

/** A failure in the words of the wire. What is wrong with this machine's directory is told to its owner alone. */
export function toWireError({ kind, code, message }: Failure): WireError {
  const status = STATUSES.find(([prefix]) => code.startsWith(prefix))?.[1];
  if (status !== undefined) return { status, Code: code, Message: message };
  if (kind === 'later') {
    return { status: 503, Code: 'ServiceUnavailable', Message: 'The request has failed due to a temporary failure.' };
  }
  return {
    status: 500,
    Code: 'InternalError',
    Message: 'The request processing has failed due to some unknown error.',
  };
}
