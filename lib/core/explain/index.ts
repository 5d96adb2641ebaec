export { whyNot, type WhyNot } from './why-not.ts'
export type { Readiness, RegistrySeen, TagCommit, WhyNotGate, WhyNotSeen, WhyNotStep } from './types.ts'
