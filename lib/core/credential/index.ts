export { channelBinding, connectionBinding, deployKeyBinding, registryBinding, webhookBinding } from './binding.ts'
export { decryptText, encryptText, saltBytes } from './encrypt.ts'
export { openSealed, sealFor, sealingKey } from './seal-for.ts'
