import { expect, it } from 'vitest'
import { isPrivateAddress } from './is-private-address.ts'

const rows: [address: string, isPrivate: boolean][] = [
  ['127.0.0.1', true],
  ['10.1.2.3', true],
  ['172.16.0.1', true],
  ['172.32.0.1', false],
  ['192.168.1.1', true],
  ['169.254.169.254', true],
  ['100.64.0.1', true],
  ['0.0.0.0', true],
  ['8.8.8.8', false],
  ['::1', true],
  ['::', true],
  ['::ffff:127.0.0.1', true],
  ['::ffff:7f00:1', true],
  ['::ffff:8.8.8.8', false],
  ['64:ff9b::7f00:1', true],
  ['fd00::1', true],
  ['fe80::1', true],
  ['2606:4700::1111', false],
  ['no address', true],
]
it.each(rows)('%s is of the inside: %s', (address, isPrivate) => expect(isPrivateAddress(address)).toBe(isPrivate))
