export { authenticate } from './authenticate.ts'
export type { Authenticated } from './authenticate.ts'
export { createSignInLink } from './create-sign-in-link.ts'
export { hashSecret, newSecret, sameSecret } from './secret.ts'
