import { startSabotageProxy, type SabotageProxy, type SabotageProxyOptions } from './http-proxy.ts';

export interface OpenEndpointOptions extends SabotageProxyOptions {
  /** A token that the path lets in. */
  token: string;
}

/**
 * Stands in front of an API and sends every request of one path on with the strong token, whatever token it came with:
 * so any system can be shown with an endpoint that has lost its authentication.
 */
export async function openEndpoint({ token, ...options }: OpenEndpointOptions): Promise<SabotageProxy> {
  return startSabotageProxy(options, { replaceHeaders: { authorization: `Bearer ${token}` } });
}
