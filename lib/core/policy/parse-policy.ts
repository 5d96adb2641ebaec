import type { Problem } from '../problem/index.ts'
import { parseConstraint, type Constraint } from './constraint.ts'
import { compileGlob } from './glob.ts'
import { compileRegexp } from './regexp.ts'
import type { ParsedPolicy, Policy } from './types.ts'

/** Characters; far beyond any filter written by a person, and a bound on compile time. */
export const maxPolicyLength = 512

/** A policy ready to run over many tags: everything is compiled once. */
export type CompiledPolicy =
  | { ok: true; order: 'version'; constraint: Constraint }
  | { ok: true; order: 'time'; matches: (tag: string) => boolean }
  | { ok: false; problem: Problem }

/** What a container without a filter is automated by (Flux v1). */
export const defaultPolicy: Policy = { kind: 'glob', expression: '*' }

/**
 * Reads `<kind>:<expression>`; a text without a known kind is a glob. What Flux would have taken as "matches everything"
 * (an invalid constraint or expression) or as "matches nothing" (a mistyped kind) is a problem here (§9.1).
 */
export function parsePolicy(text: string): ParsedPolicy {
  if (text.length > maxPolicyLength) {
    return refuse('policy-too-long', `The filter has ${text.length} characters; ${maxPolicyLength} are the limit.`)
  }
  const policy = readKind(text)
  if (policy.kind === 'glob') {
    const mistyped = /^\s*([A-Za-z0-9_-]+)\s*:/.exec(policy.expression)
    if (mistyped) {
      const message = `“${mistyped[1]}” is no kind of filter, and a tag never contains a colon.`
      return refuse('policy-kind-unknown', message, 'Start the filter with glob:, semver: or regexp:.')
    }
  }
  const compiled = compilePolicy(policy)
  return compiled.ok ? { ok: true, policy } : compiled
}

export function formatPolicy(policy: Policy): string {
  return `${policy.kind}:${policy.expression}`
}

export function compilePolicy({ kind, expression }: Policy): CompiledPolicy {
  if (expression.trim() === '') {
    return refuse(
      'policy-empty',
      `The ${kind} filter is empty.`,
      'Write what tags have to look like, such as glob:dev-*.',
    )
  }
  switch (kind) {
    case 'glob':
      return { ok: true, order: 'time', matches: compileGlob(expression) }
    case 'semver': {
      const constraint = parseConstraint(expression)
      if (constraint) return { ok: true, order: 'version', constraint }
      const message = `“${shorten(expression)}” is no version constraint.`
      return refuse('policy-semver-invalid', message, 'Write one such as ~0.4, >=1.2 <2 or 1.2 - 1.4.')
    }
    case 'regexp': {
      const compiled = compileRegexp(expression)
      if (compiled.ok) return { ok: true, order: 'time', matches: compiled.test }
      const message = `“${shorten(expression)}” is no regular expression (${compiled.because}).`
      return refuse(
        'policy-regexp-invalid',
        message,
        'Use RE2 syntax, which has no look-around and no back-references.',
      )
    }
  }
}

/** `latest` in any case says nothing about what it holds; only the filter that is exactly `glob:latest` follows it. */
export function isUnfollowedLatest(policy: Policy, tag: string): boolean {
  if (tag.length !== 6 || tag.toLowerCase() !== 'latest') return false
  return !(policy.kind === 'glob' && policy.expression === 'latest')
}

/** Longest tag a registry can hold (OCI distribution specification). */
export const maxTagLength = 128

function readKind(text: string): Policy {
  if (text.startsWith('glob:')) return { kind: 'glob', expression: text.slice('glob:'.length) }
  if (text.startsWith('semver:')) return { kind: 'semver', expression: text.slice('semver:'.length) }
  if (text.startsWith('regexp:')) return { kind: 'regexp', expression: text.slice('regexp:'.length) }
  if (text.startsWith('regex:')) return { kind: 'regexp', expression: text.slice('regex:'.length) }
  return { kind: 'glob', expression: text }
}

function refuse(code: string, message: string, suggestion?: string): { ok: false; problem: Problem } {
  return {
    ok: false,
    problem: { code, severity: 'error', message, ...(suggestion === undefined ? {} : { suggestion }) },
  }
}

function shorten(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`
}
