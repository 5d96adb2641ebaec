export { identityProviders } from './identity-providers.ts'
export { scryptPasswords } from './scrypt-passwords.ts'
