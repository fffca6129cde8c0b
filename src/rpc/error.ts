import { isFailure } from '../core/failure.ts';
import { findRamMessage } from './messages.ts';

/** HTTP statuses by the start of RAM's code (RAM API 2015-05-01, error catalogue; common errors of the gateway). */
const STATUSES: [code: RegExp, status: number][] = [
  [/^(EntityNotExist|InvalidAccessKeyId\.NotFound|InvalidAction\.NotFound)/, 404],
  [/^Throttling/, 429],
  [/^(Forbidden|NoPermission|CheckAuthenticationCodeFail)/, 403],
  [/^(EntityAlreadyExists|DeleteConflict|LimitExceeded)/, 409],
  [/^(Invalid|Malformed|Missing|Incomplete|Signature|NotSupport)/, 400],
];

/**
 * Returns the error that the client receives, with RAM's own message if it is known. Only the log contains details of
 * problems with the directory file.
 */
export function toWireError(error: unknown): { status: number; Code: string; Message: string } {
  if (isFailure(error)) {
    const { code, kind, message } = error;
    const [, status] = STATUSES.find(([pattern]) => pattern.test(code)) ?? [];
    if (status !== undefined) return { status, Code: code, Message: findRamMessage(code) ?? message };
    if (kind === 'later') {
      return { status: 503, Code: 'ServiceUnavailable', Message: 'The request has failed due to a temporary failure.' };
    }
  }
  const Message = 'The request processing has failed due to some unknown error.';
  return { status: 500, Code: 'InternalError', Message };
}
