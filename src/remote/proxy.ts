// The proxies of the environment. This file belongs to the SDK's bundle, see sdk.ts.
import type { ClientRequest } from 'node:http';
import { HttpsProxyAgent } from 'https-proxy-agent';
import httpx from 'httpx';
import { getProxyForUrl } from 'proxy-from-env';

const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Makes the SDK send HTTPS requests through the proxies in HTTPS_PROXY, ALL_PROXY and NO_PROXY. The SDK has settings for a proxy
 * but ignores them. It sends each request by `request` of httpx, also those for credentials.
 */
export function useProxies(): void {
  const { request } = httpx;
  const agents = new Map<string, ProxyAgent>();
  httpx.request = async (url, options) => {
    const proxy = findProxy(url);
    if (!proxy) return request(url, options);
    const agent = agents.get(proxy) ?? new ProxyAgent(proxy, { keepAlive: true });
    agents.set(proxy, agent);
    return request(url, { ...options, agent });
  };
}

/** Returns the URL of the proxy for a request, empty for none. Requests to this machine never use a proxy, as in curl and Go. */
function findProxy(url: string): string {
  if (!/^https:\/\/(?!localhost\b|127\.|\[::1\])/i.test(url)) return '';
  const proxy = getProxyForUrl(url);
  if (proxy && !(/^https?:/i.test(proxy) && URL.canParse(proxy))) throw proxyError('ERR_PROXY_URL');
  // Without a scheme, a proxy is one with http, as in curl and Go. The library adds https.
  return Object.values(process.env).includes(proxy) ? proxy : proxy.replace(/^https/, 'http');
}

/** Opens a tunnel by the method CONNECT. Errors have a code of their own, because the host of the request is not the reason. */
class ProxyAgent extends HttpsProxyAgent<string> {
  /** The library guesses this from the call stack, which differs when a connection becomes free: it would never be used again. */
  override isSecureEndpoint(): boolean {
    return true;
  }

  override async connect(request: ClientRequest, options: Parameters<HttpsProxyAgent<string>['connect']>[1]) {
    // The timeouts of httpx start when the tunnel is open.
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(), CONNECT_TIMEOUT_MS);
    let status: number | undefined;
    request.once('proxyConnect', ({ statusCode }: { statusCode: number }) => {
      status = statusCode;
    });
    Object.assign(this.connectOpts, { signal: timeout.signal });
    try {
      const socket = await super.connect(request, options);
      if (status === 200) return socket;
      socket.destroy();
    } catch {
      throw proxyError('ERR_PROXY_FAILED');
    } finally {
      clearTimeout(timer);
    }
    throw proxyError(status === 407 ? 'ERR_PROXY_AUTHENTICATION' : 'ERR_PROXY_REFUSED');
  }
}

function proxyError(code: string): Error {
  return Object.assign(new Error(code), { code });
}
