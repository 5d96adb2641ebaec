import { describe, expect, it } from 'vitest'
import { apiStatusOf, faultFromNetwork, faultFromStatus, parseApiStatus } from './api-fault.ts'

const body = (reason: string, message: string) => JSON.stringify({ kind: 'Status', reason, message })
const applyConflict = 'Apply failed with 1 conflict: conflict with "kubectl" using v1: .data.a'

describe('faults of the API server', () => {
  it.each([
    ['unknown credentials', 401, body('Unauthorized', 'Unauthorized'), 'cluster-refused', false, 'Unauthorized'],
    [
      'a missing right',
      403,
      body('Forbidden', 'secrets is forbidden'),
      'cluster-refused',
      false,
      'secrets is forbidden',
    ],
    ['a missing object', 404, body('NotFound', 'no such thing'), 'not-found', false, 'no such thing'],
    ['a field of another manager', 409, body('Conflict', applyConflict), 'conflict', false, applyConflict],
    [
      'an object that changed meanwhile',
      409,
      body('Conflict', 'the object has been modified'),
      'conflict',
      true,
      'modified',
    ],
    ['an invalid object', 422, body('Invalid', 'port: Invalid value'), 'cluster-refused', false, 'port: Invalid value'],
    [
      'a namespace on its way out',
      403,
      body('Forbidden', 'a is forbidden: it is being terminated'),
      'cluster-refused',
      true,
      'terminated',
    ],
    [
      'a field outside the schema, although it comes as a 500',
      500,
      body('', 'failed to create typed patch object (default/a; /v1, Kind=Secret): .dat: field not declared in schema'),
      'cluster-refused',
      false,
      'not declared',
    ],
    ['too many requests', 429, body('TooManyRequests', 'slow down'), 'rate-limited', true, 'slow down'],
    ['a failing webhook', 500, body('InternalError', 'failed calling webhook'), 'cluster-unreachable', true, 'webhook'],
    ['a proxy that speaks no Status', 503, '<html>no upstream', 'cluster-unreachable', true, '<html>no upstream'],
    ['an empty answer', 502, '', 'cluster-unreachable', true, 'HTTP 502'],
  ])('%s', (_label, status, text, code, retryable, words) => {
    const fault = faultFromStatus(parseApiStatus(status, text))
    expect(fault).toMatchObject({ code, retryable, message: expect.stringContaining(words) })
    expect(apiStatusOf(fault)?.status).toBe(status)
  })

  it('does not repeat a value of the wrong type: it may be a secret', () => {
    const words =
      'failed to create typed patch object: .data.x: expected string, got &value.valueUnstructured{Value:4711}'
    const fault = faultFromStatus(parseApiStatus(500, body('', words)))
    expect(String(fault.cause)).not.toContain('4711')
    expect(fault.message).toBe('failed to create typed patch object: .data.x: expected string, got another type')
  })

  it('carries how long the server asked to wait', () => {
    expect(faultFromStatus(parseApiStatus(429, ''), 7000).retryAfterMs).toBe(7000)
  })

  it.each([
    ['a closed port', 'ECONNREFUSED', true],
    ['an unknown authority', 'DEPTH_ZERO_SELF_SIGNED_CERT', false],
  ])('%s is unreachable; trying again helps: %s', (_label, code, retryable) => {
    const fault = faultFromNetwork(Object.assign(new Error(code), { code }), 'host:6443')
    expect(fault).toMatchObject({
      code: 'cluster-unreachable',
      retryable,
      message: expect.stringContaining('host:6443'),
    })
  })
})
