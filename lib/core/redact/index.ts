export { isSecretKey, redactDeep, type RedactOptions } from './redact-deep.ts'
export { redactManifest } from './redact-manifest.ts'
export { redactObject, type MaskValue } from './redact-object.ts'
export { mask, maskSecrets, redactText, textRedactor, type RedactText } from './redact-text.ts'
