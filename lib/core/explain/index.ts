export { whyNot, type WhyNot } from './why-not.ts'
export { whyNotGates } from './types.ts'
export type { GatesAsked, Readiness, RegistrySeen, TagCommit, WhyNotGate, WhyNotSeen, WhyNotStep } from './types.ts'
