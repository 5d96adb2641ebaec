/** Whether an address that comes from outside may be a link: http(s) and nothing else, whatever its sender wrote. */
export function isWebAddress(address: string): boolean {
  return /^https?:\/\//i.test(address)
}
