/** Why a provider's sign-in ended without a session; the sign-in page has the words. */
export const signInRefusals = [
  /** Begun too long ago, in another browser, or answered twice. */
  'not-begun-here',
  /** The person said no, or the provider did. */
  'denied',
  'unreachable',
  /** What came back is not what the provider would say: issuer, audience, time, nonce or signature. */
  'not-valid',
  'email-unverified',
  /** Domain or groups do not fit. */
  'not-allowed',
  /** Nobody invited them. */
  'unknown-person',
  /** The e-mail belongs to somebody else who comes by this provider. */
  'taken',
  'disabled',
  /** Too many that failed came from one address. */
  'too-many',
] as const
export type SignInRefusal = (typeof signInRefusals)[number]
