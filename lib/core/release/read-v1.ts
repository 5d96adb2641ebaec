import { readChartV1 } from './read-chart-source.ts'
import {
  openSection,
  readFlag,
  readSeconds,
  readText,
  readValues,
  readWhole,
  report,
  reportNotHonoured,
  type Reader,
  type Section,
} from './read-fields.ts'
import { readValuesFromV1 } from './read-values-from.ts'
import { releaseNameV1 } from './release-name.ts'
import type { DesiredRelease, Generation, Remediation } from './types.ts'

const specFields = [
  'helmVersion',
  'chart',
  'releaseName',
  'maxHistory',
  'valueFileSecrets',
  'valuesFrom',
  'targetNamespace',
  'timeout',
  'resetValues',
  'skipCRDs',
  'wait',
  'forceUpgrade',
  'rollback',
  'test',
  'disableOpenAPIValidation',
  'values',
]
const rollbackFields = ['enable', 'retry', 'maxRetries', 'force', 'recreate', 'disableHooks', 'timeout', 'wait']
const testFields = ['enable', 'ignoreFailures', 'timeout', 'cleanup']

/** Seconds were the unit of both generations, five minutes their default. */
const defaultTimeoutMs = 300_000
/** The Helm Operator's `rollback.maxRetries`; bounds the retries of a failed install too (§9.26). */
const defaultMaxRetries = 5

export const recreateSuggestion = 'Remove it: Helm 4 restarts no pods that a rollback leaves as they are.'

/** What a generation contributes to `DesiredRelease`; the rest comes from the document's metadata. */
export type ReleaseSpec = Omit<
  DesiredRelease,
  | 'id'
  | 'generation'
  | 'namespace'
  | 'name'
  | 'path'
  | 'line'
  | 'digest'
  | 'labels'
  | 'annotations'
  | 'containers'
  | 'automation'
  | 'problems'
>

function readRollback(spec: Section, timeoutMs: number, wait: boolean | undefined) {
  const rollback = openSection(spec.reader, spec.fields.rollback, 'spec.rollback', rollbackFields)
  const maxRetries = readWhole(rollback, 'maxRetries') ?? defaultMaxRetries
  if (maxRetries < 0) report(spec.reader, 'field-invalid', 'spec.rollback.maxRetries is negative.')
  if (readFlag(rollback, 'recreate')) reportNotHonoured(spec.reader, 'spec.rollback.recreate', recreateSuggestion)
  const enable = readFlag(rollback, 'enable') ?? false
  /** 0 meant "without end". */
  const retries = maxRetries === 0 ? -1 : maxRetries
  const upgrade: Remediation = {
    retries: (readFlag(rollback, 'retry') ?? false) ? retries : 0,
    after: enable ? 'rollback' : 'leave',
  }
  const options = {
    timeoutMs: readSeconds(rollback, 'timeout') ?? timeoutMs,
    wait: readFlag(rollback, 'wait') ?? wait ?? false,
    force: readFlag(rollback, 'force') ?? false,
    disableHooks: readFlag(rollback, 'disableHooks') ?? false,
  }
  return { enable, upgrade, install: { retries, after: 'leave' } satisfies Remediation, options }
}

function readTest(spec: Section) {
  const test = openSection(spec.reader, spec.fields.test, 'spec.test', testFields)
  return {
    enable: readFlag(test, 'enable') ?? false,
    ignoreFailures: readFlag(test, 'ignoreFailures') ?? false,
    timeoutMs: readSeconds(test, 'timeout') ?? defaultTimeoutMs,
    cleanup: readFlag(test, 'cleanup') ?? true,
  }
}

/** `spec` of flux.weave.works/v1beta1 and helm.fluxcd.io/v1 with the Helm Operator's defaults. */
export function readSpecV1(reader: Reader, generation: Generation, namespace: string, name: string): ReleaseSpec {
  const spec = openSection(reader, reader.document.object.spec, 'spec', specFields)
  const target = readText(spec, 'targetNamespace') ?? namespace
  const timeoutMs = readSeconds(spec, 'timeout') ?? defaultTimeoutMs
  const written = readFlag(spec, 'wait')
  const test = readTest(spec)
  const rollback = readRollback(spec, timeoutMs, written)
  if (readText(spec, 'helmVersion') === 'v2') {
    reportNotHonoured(reader, 'spec.helmVersion: v2', 'Migrate the release to Helm 3 and remove the field.')
  }
  return {
    releaseName: readText(spec, 'releaseName') ?? releaseNameV1(namespace, target, name),
    targetNamespace: target,
    storageNamespace: target,
    chart: readChartV1(spec, namespace),
    values: readValues(spec),
    valuesFrom: readValuesFromV1(spec, namespace),
    timeoutMs,
    wait: written ?? (rollback.enable || test.enable),
    maxHistory: readWhole(spec, 'maxHistory') ?? 10,
    suspend: false,
    dependsOn: [],
    forceUpgrade: readFlag(spec, 'forceUpgrade') ?? false,
    // Unset meant true in helm.fluxcd.io/v1; a plain bool before.
    resetValues: readFlag(spec, 'resetValues') ?? generation === 'helm.fluxcd.io/v1',
    crds: (readFlag(spec, 'skipCRDs') ?? false) ? 'skip' : 'create',
    disableOpenApiValidation: readFlag(spec, 'disableOpenAPIValidation') ?? false,
    disableHooks: false,
    postRenderers: [],
    install: rollback.install,
    upgrade: rollback.upgrade,
    rollback: rollback.options,
    test,
    uninstall: { keepHistory: false, disableHooks: false, timeoutMs },
  }
}
