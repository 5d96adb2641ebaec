export { scryptPasswords } from './scrypt-passwords.ts'
