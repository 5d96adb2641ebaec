import { publicAddress } from './public-address.ts'

/**
 * `fetch` that asks only what everybody can reach, and `insideHosts`, and follows no redirect. Throws OutboundFailure. A
 * name is looked up before the call; one whose owner changes its address in between is not caught, so what it is given
 * are addresses that administrators enter.
 */
export function publicFetch(insideHosts: readonly string[]): typeof fetch {
  return async (input, init) => {
    const { hostname } = new URL(input instanceof Request ? input.url : input)
    await publicAddress(hostname, insideHosts)
    return fetch(input, { ...init, redirect: 'manual' })
  }
}
