export { deployKeyOf, privateKeyFile, seedBytes } from './deploy-key.ts'
export { knownHostsLine, parseHostKey, sshHostOf } from './host-key.ts'
export type { HostKey } from './host-key.ts'
