import { describe, expect, it } from 'vitest'
import type { HelmRequest } from '#lib/ports/helm.ts'
import {
  installArguments,
  refusedArgument,
  renderArguments,
  rollbackArguments,
  upgradeArguments,
} from './helm-arguments.ts'

const plain: HelmRequest = {
  releaseName: 'podinfo',
  namespace: 'dev',
  storageNamespace: 'dev',
  chart: '/charts/podinfo',
  values: {},
  timeoutMs: 300_000,
  wait: false,
  maxHistory: 10,
  labels: {},
  description: '',
  force: false,
  skipCrds: false,
  disableOpenApiValidation: false,
  disableHooks: false,
  resetValues: true,
  takeOwnership: false,
  postRenderers: [],
}
const four = { generation: 4, context: undefined } as const
const three = { generation: 3, context: undefined } as const

describe('arguments of helm', () => {
  it('says no more than needed for a plain upgrade, operands last', () => {
    expect(upgradeArguments(plain, four).join(' ')).toBe(
      'upgrade --namespace dev --values - --reset-values --timeout 300000ms --history-max 10 --hide-notes -- podinfo /charts/podinfo',
    )
  })

  it.each([
    ['wait', { wait: true }, ['--wait=watcher'], ['--wait']],
    ['force', { force: true }, ['--force-replace', '--server-side=false'], ['--force']],
    ['no CRDs', { skipCrds: true }, ['--skip-crds'], ['--skip-crds']],
    [
      'no validation',
      { disableOpenApiValidation: true },
      ['--disable-openapi-validation'],
      ['--disable-openapi-validation'],
    ],
    ['no hooks', { disableHooks: true }, ['--no-hooks'], ['--no-hooks']],
    ['ownership', { takeOwnership: true }, ['--take-ownership'], ['--take-ownership']],
    ['labels', { labels: { a: 'b', c: 'd' } }, ['--labels=a=b,c=d'], ['--labels=a=b,c=d']],
    ['a description like a flag', { description: '--x' }, ['--description=--x'], ['--description=--x']],
  ])('%s, in version 4 and version 3', (_label, change, inFour, inThree) => {
    const added = (context: typeof four | typeof three) => {
      const usual = new Set(upgradeArguments(plain, context))
      return upgradeArguments({ ...plain, ...change }, context).filter((argument) => !usual.has(argument))
    }
    expect([added(four), added(three)]).toEqual([inFour, inThree])
  })

  it('leaves it to Helm to keep values only where none are given, when they are not to be reset', () => {
    const words = upgradeArguments({ ...plain, resetValues: false }, four)
    expect(words.filter((word) => word.endsWith('-values') && word !== '--values')).toEqual([])
  })

  it('acts as a service account with the groups of its token', () => {
    const request = { ...plain, serviceAccount: { namespace: 'dev', name: 'deployer' } }
    expect(upgradeArguments(request, four).join(' ')).toContain(
      '--kube-as-user system:serviceaccount:dev:deployer --kube-as-group system:serviceaccounts --kube-as-group system:serviceaccounts:dev --kube-as-group system:authenticated',
    )
  })

  it('installs only where asked to, renders without effect', () => {
    expect(upgradeArguments(plain, four)).not.toContain('--install')
    expect(installArguments(plain, four)).toContain('--install')
    expect(renderArguments(plain, four)).toContain('--dry-run=server')
  })

  it('names context and revision', () => {
    const request = { ...plain, toRevision: 3 }
    expect(rollbackArguments(request, { generation: 4, context: 'prod' }).join(' ')).toBe(
      'rollback --namespace dev --kube-context prod --timeout 300000ms --history-max 10 -- podinfo 3',
    )
  })

  it.each(['-x', '--post-renderer=x', '', 'a\0b'])('refuses %j as a name', (value) => {
    expect(refusedArgument(['fine', value])).toBe(value)
  })
})
