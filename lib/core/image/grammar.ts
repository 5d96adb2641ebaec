const tagPattern = /^\w[\w.-]{0,127}$/
const digestPattern = /^sha256:[0-9a-f]{64}$|^sha512:[0-9a-f]{128}$/

/** Tag grammar of the OCI distribution specification: at most 128 characters, no leading dot or dash. */
export function isValidTag(text: string): boolean {
  return tagPattern.test(text)
}

/** A digest of the algorithms registries serve, lower-case hex. */
export function isValidDigest(text: string): boolean {
  return digestPattern.test(text)
}
