/** The APIs that the remote directory uses: RAM 2015-05-01, IMS 2019-08-15 and STS 2015-04-01. */
export type Product = 'RAM' | 'IMS' | 'STS';

/** Parameters by RAM's names. Those that are undefined are not sent. Lists become `Tag.1.Key` and so on. */
export type Parameters = Record<string, unknown>;

/** The members of a response, as RAM names them. */
// biome-ignore lint/suspicious/noExplicitAny: each caller knows the members of its action.
export type Response = Record<string, any>;

/**
 * Calls actions of RAM's API. A call that certainly changed nothing, because it was throttled or never arrived, is repeated.
 * So is a call that only reads, or whose repetition has the same effect, if its response is lost: the connection was lost, the
 * response was not complete, or it was an error of the server (5xx).
 */
export interface Api {
  /**
   * Calls an action that reads, or that may be repeated because it sets what it is given (`Update…`, `Set…`).
   * @throws Failure with RAM's code; `later` when repeating did not help
   */
  call(product: Product, action: string, parameters?: Parameters): Promise<Response>;
  /**
   * Calls an action that must not be repeated blindly, such as a creation. After a lost response, `find` looks whether the
   * change was made; if it returns undefined, the action is repeated.
   * @throws Failure as `call`
   */
  callOnce<T>(
    product: Product,
    action: string,
    parameters: Parameters,
    read: (response: Response) => T,
    find: () => Promise<T | undefined>,
  ): Promise<T>;
  /** Calls an action that returns a list in pages, and returns the items of all pages. @throws Failure as `call` */
  list(
    product: Product,
    action: string,
    parameters: Parameters,
    items: (response: Response) => Response[],
  ): Promise<Response[]>;
  /** Returns the same API, whose calls are signed with another AccessKey. */
  as(pair: AccessKeyPair): Api;
}

export interface AccessKeyPair {
  AccessKeyId: string;
  AccessKeySecret: string;
}
