import { Failure, type FailureDetails, type FailureKind } from '../core/failure.ts';
import type { Parameters } from './api.ts';

/** What a failed request means. */
export interface Problem {
  failure: Failure;
  /**
   * Whether to repeat the request: as long as the time limit allows, or only for a short time, because it is unlikely that
   * waiting helps.
   */
  repeat: 'never' | 'briefly' | 'patiently';
  /** Whether the action may have changed something. */
  mayBeDone: boolean;
}

/** The members of the errors that the SDK and Node throw. Errors of the API have `data`, the members of the response. */
interface SdkError {
  name?: string;
  code?: string;
  statusCode?: number;
  data?: { Code?: string; Message?: string; RequestId?: string; AccessDeniedDetail?: Record<string, string> };
}

/** Kinds by the start of RAM's code (RAM API 2015-05-01, error catalogue; common errors of the gateway). */
const KINDS: [code: RegExp, kind: FailureKind][] = [
  [/^EntityNotExist/, 'missing'],
  [/^(NoPermission|Forbidden|InvalidAccessKey|Signature(DoesNotMatch|Mismatch)|IncompleteSignature)/, 'denied'],
  [/^((Invalid|Missing)SecurityToken|CheckAuthenticationCodeFail)/, 'denied'],
  [/^(Throttling|ServiceUnavailable|InternalError|SignatureNonceUsed|InvalidTimeStamp|IllegalTimestamp)/, 'later'],
];

/** Errors of Node and of proxy.ts before a request is sent. */
const UNREACHABLE: Record<string, string> = {
  ECONNREFUSED: 'nothing listens at this address',
  ENOTFOUND: 'the name of the host is unknown',
  EAI_AGAIN: 'the name of the host could not be looked up',
  ENETUNREACH: 'the network cannot be reached',
  EHOSTUNREACH: 'the host cannot be reached',
  EADDRNOTAVAIL: 'this machine has no address for the connection',
  ERR_PROXY_URL: 'the proxy in HTTPS_PROXY or ALL_PROXY is not a URL with http:// or https://',
  ERR_PROXY_FAILED: 'the proxy in HTTPS_PROXY or ALL_PROXY cannot be used',
  ERR_PROXY_AUTHENTICATION: 'the proxy in HTTPS_PROXY or ALL_PROXY requires another user name and password',
  ERR_PROXY_REFUSED: 'the proxy in HTTPS_PROXY or ALL_PROXY refuses connections to this host',
};

/** Errors of Node when a connection ends before the response is complete. */
const DROPPED = /^(ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|ERR_STREAM_PREMATURE_CLOSE)$/;

const UNTRUSTED = /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT|UNABLE_TO_|CERT_|ERR_TLS_)/;

/** Returns whether an error of the SDK means that a host could not be reached, or that its response was lost. */
export function isConnectionError(error: unknown): boolean {
  const { name = '', code = '' } = error as SdkError;
  return code in UNREACHABLE || DROPPED.test(code) || name.includes('Timeout');
}

/** Returns what an error of the SDK means. `host` is the host of the request. */
export function explain(error: unknown, action: string, host: string, parameters: Parameters = {}): Problem {
  if (error instanceof Failure) return { failure: error, repeat: 'never', mayBeDone: false };
  const { name = '', code = '', data } = error as SdkError;
  if (data?.Code) return explainAnswer(error as SdkError, action, parameters);
  const later = (ownCode: string, message: string, details?: FailureDetails) =>
    new Failure('later', ownCode, message, details);
  if (UNTRUSTED.test(code)) {
    return { failure: later('CertificateNotTrusted', ...untrusted(code, host)), repeat: 'never', mayBeDone: false };
  }
  if (code === 'EPROTO') {
    const message = `${host} does not use TLS; if it is on this machine, use http:// and its port`;
    return { failure: later('ConnectionFailed', message), repeat: 'never', mayBeDone: false };
  }
  if (code in UNREACHABLE) {
    const message = `${host} cannot be reached: ${UNREACHABLE[code]}`;
    const failure = later('ConnectionFailed', message, {
      Hint: 'check the address, the network, and the variables HTTPS_PROXY and NO_PROXY',
    });
    return { failure, repeat: 'briefly', mayBeDone: false };
  }
  const isTruncated = name === 'SyntaxError' && /end of JSON|Unterminated/.test((error as Error).message);
  if (name.includes('Timeout') || DROPPED.test(code) || isTruncated) {
    const reason = name.includes('Timeout') ? 'it took too long' : 'the connection was lost';
    const message = `${host} sent no complete response to ${action}: ${reason}`;
    return { failure: later('AnswerLost', message), repeat: 'patiently', mayBeDone: !isRead(action) };
  }
  const message = `the response to ${action} is not from RAM's API; ${host} may be a proxy, a logon page or another server`;
  return { failure: later('UnexpectedAnswer', message), repeat: 'briefly', mayBeDone: !isRead(action) };
}

/** Explains an error response of the API. The message is RAM's own, with the id of the request. */
function explainAnswer({ statusCode = 0, data }: SdkError, action: string, parameters: Parameters): Problem {
  const { Code = '', Message = '', RequestId, AccessDeniedDetail } = data ?? {};
  const isThrottled = statusCode === 429 || /^Throttling/.test(Code);
  const isRepeatable = statusCode >= 500 || /^(ServiceUnavailable|InternalError|SignatureNonceUsed)/.test(Code);
  const [, kind = 'refused'] = KINDS.find(([pattern]) => pattern.test(Code)) ?? [];
  const names = kind === 'missing' || kind === 'refused' ? namesIn(parameters) : [];
  const origin = [...names, ...(RequestId === undefined ? [] : [`request ${RequestId}`])].join(', ');
  const details: FailureDetails = {
    ...(RequestId !== undefined && { RequestId }),
    ...(AccessDeniedDetail && { AccessDeniedDetail }),
  };
  const isRepeated = isThrottled || isRepeatable;
  const { text = Message.trim() || Code, Hint } = adviceFor(Code, action, Message, AccessDeniedDetail);
  const failure = new Failure(isRepeated ? 'later' : kind, Code, origin ? `${text} (${origin})` : text, {
    ...details,
    ...(Hint !== undefined && { Hint }),
  });
  return {
    failure,
    repeat: isRepeated ? 'patiently' : 'never',
    mayBeDone: isRepeatable && !isThrottled && !isRead(action),
  };
}

/** Returns the names in a request, because RAM's message does not say which entity does not exist. */
function namesIn(parameters: Parameters): string[] {
  return Object.entries(parameters)
    .filter(([member, value]) => /^(?!.*DisplayName).*(Name|AccessKeyId|SerialNumber)$/.test(member) && value)
    .map(([member, value]) => `${member} ${value}`);
}

function isRead(action: string): boolean {
  return /^(Get|List)/.test(action);
}

/** Returns a hint and a text that replaces RAM's message, for the errors that need them. */
function adviceFor(
  code: string,
  action: string,
  message: string,
  detail?: Record<string, string>,
): { text?: string; Hint?: string } {
  const [, noun] = /^EntityNotExist\.(User|Group|Policy|Role)$/.exec(code) ?? [];
  if (noun) return { Hint: `ramctl ${noun.toLowerCase()} list` };
  if (/^(NoPermission|Forbidden\.RAM)/.test(code)) {
    const policy = isRead(action) ? 'AliyunRAMReadOnlyAccess' : 'AliyunRAMFullAccess';
    const permission = detail?.AuthAction ?? `ram:${action}`;
    return {
      text: `${message.trim()} The caller needs permission for ${permission}, which ${policy} gives.`,
      Hint: `an administrator can run: ramctl policy attach ${policy} --user <name of the caller>`,
    };
  }
  // RAM's message repeats the signed headers, also the security token.
  if (/^SignatureDoesNotMatch/.test(code)) return { text: 'the AccessKey secret does not belong to the AccessKey ID' };
  return /^(Throttling|ServiceUnavailable|InternalError)/.test(code)
    ? { Hint: 'run the same command again later' }
    : {};
}

function untrusted(code: string, host: string): [message: string, details: FailureDetails] {
  if (code === 'CERT_HAS_EXPIRED') return [`the certificate of ${host} has expired`, {}];
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return [`the certificate of ${host} is for another name`, { Hint: 'use a name that the certificate contains' }];
  }
  const message = `the certificate of ${host} is not from an authority that this machine trusts`;
  const file = host.endsWith('.aliyuncs.com')
    ? 'a file with the certificate of the proxy that replaces certificates'
    : "a copy of the server's certificate file";
  return [message, { Hint: `export NODE_EXTRA_CA_CERTS=<${file}>` }];
}

/** Returns the failure for a refused time. `offsetSeconds` is how far this machine's clock is ahead of the server's. */
export function wrongClock({ code, message, details }: Failure, offsetSeconds: number | undefined): Failure {
  const direction = (offsetSeconds ?? 0) > 0 ? 'ahead of' : 'behind';
  const offset =
    offsetSeconds === undefined
      ? 'Compare the clock of this machine with the real time'
      : `The clock of this machine is ${formatSeconds(Math.abs(offsetSeconds))} ${direction} the server's`;
  return new Failure('later', code, `${message} ${offset}.`, { ...details, Hint: 'set the clock of this machine' });
}

function formatSeconds(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (minutes < 2) return `${seconds} seconds`;
  return minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`;
}
