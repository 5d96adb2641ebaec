import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { OutboundFailure } from './call-outside.ts'
import { isPrivateAddress } from './is-private-address.ts'

/**
 * The address to connect to for a host that somebody entered: looked up once, so that a second answer cannot lead
 * elsewhere. `allowed`: hosts that may be of the inside. Throws OutboundFailure.
 */
export async function publicAddress(host: string, allowed: readonly string[]): Promise<string> {
  const name = host.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  const found = isIP(name) === 0 ? await addressesOf(name) : [name]
  const address = found.find((each) => !isPrivateAddress(each)) ?? found[0]
  if (address === undefined) throw new OutboundFailure('network', `${name} cannot be found`)
  if (!allowed.includes(name) && found.some(isPrivateAddress))
    throw new OutboundFailure('inside', `${name} is an address of the inside`)
  return address
}

async function addressesOf(name: string): Promise<string[]> {
  try {
    return (await lookup(name, { all: true, verbatim: true })).map(({ address }) => address)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    throw new OutboundFailure('network', `${name} cannot be found (${code})`, error)
  }
}
