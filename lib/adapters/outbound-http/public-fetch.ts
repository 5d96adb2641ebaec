import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'

/** Loopback, private, link-local, carrier-grade and other addresses nobody outside can be reached at (RFC 6890). */
const notPublic = new BlockList()
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  notPublic.addSubnet(net, prefix, 'ipv4')
for (const [net, prefix] of [
  ['::', 127],
  ['64:ff9b::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  notPublic.addSubnet(net, prefix, 'ipv6')

/** Of an IP address; IPv4 inside IPv6 counts as what it is. */
export function isPublicAddress(address: string): boolean {
  const inner = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address
  const family = isIP(inner)
  return family !== 0 && !notPublic.check(inner, family === 4 ? 'ipv4' : 'ipv6')
}

/** A host that may not be asked: its name stands for an address inside. */
export class PrivateAddress extends Error {
  constructor(host: string) {
    super(`${host} is an address of this network, which may not be asked`)
    this.name = 'PrivateAddress'
  }
}

/**
 * `fetch` that asks only what everybody can reach, and follows no redirect. Throws PrivateAddress. A name is looked up
 * before the call; one whose owner changes its address in between is not caught, so what it is given are addresses that
 * administrators enter.
 */
export function publicFetch(allowPrivate: boolean): typeof fetch {
  return async (input, init) => {
    const { hostname } = new URL(input instanceof Request ? input.url : input)
    if (!allowPrivate) {
      const host = hostname.replace(/^\[|\]$/g, '')
      const addresses = isIP(host) ? [host] : (await lookup(host, { all: true })).map(({ address }) => address)
      if (!addresses.every(isPublicAddress)) throw new PrivateAddress(hostname)
    }
    return fetch(input, { ...init, redirect: 'manual' })
  }
}
