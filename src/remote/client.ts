import type { Parameters, Product, Response } from './api.ts';
import type { Endpoint } from './endpoint.ts';

export type Sdk = typeof import('./sdk.ts');

/** Sends one request. @throws an error of the SDK, see `errors.ts` */
export type Send = (product: Product, action: string, parameters: Parameters) => Promise<Response>;

export interface ClientOptions {
  endpoint: Endpoint;
  credential: InstanceType<Sdk['Credential']>;
  userAgent: string;
  /** The longest time until the response is complete. */
  attemptMs: number;
  /** Certificates in PEM to trust in place of those that Node trusts. */
  ca?: string | undefined;
}

const VERSIONS: Record<Product, string> = { RAM: '2015-05-01', IMS: '2019-08-15', STS: '2015-04-01' };

/** Returns a function that calls actions with the official clients. */
export function createClient(sdk: Sdk, options: ClientOptions): Send {
  const { endpoint, credential, userAgent, attemptMs, ca } = options;
  const { Config, OpenApiRequest, Params } = sdk.$OpenApiUtil;
  const connect = (product: Product) =>
    new sdk.CLIENTS[product](
      new Config({
        credential,
        endpoint: endpoint.hosts[product],
        protocol: endpoint.protocol,
        userAgent,
        // The SDK also ends a connection that was idle for this long, after the request was sent as well.
        connectTimeout: attemptMs,
        readTimeout: attemptMs,
        ...(ca !== undefined && { ca }),
      }),
    );
  const clients = { RAM: connect('RAM'), IMS: connect('IMS'), STS: connect('STS') };
  return async (product, action, parameters) => {
    const params = new Params({
      action,
      version: VERSIONS[product],
      protocol: endpoint.protocol,
      pathname: '/',
      method: 'POST',
      authType: 'AK',
      style: 'RPC',
      // The parameters are in the body, because URLs are often logged.
      reqBodyType: 'formData',
      bodyType: 'json',
    });
    const request = new OpenApiRequest({ body: parameters });
    // The options of the client apply, so this call has none.
    const { body } = await clients[product].callApi(params, request, {} as never);
    // Without this, `{}` from another server would be read as an empty list.
    if (!(body as Response | null)?.RequestId) throw new SyntaxError('the response has no RequestId');
    return body;
  };
}
