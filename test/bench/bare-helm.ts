import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { childEnvironment } from '#demo/world/child-environment.ts'
import { helmLabels } from '#lib/core/release/types.ts'
import { namespace } from './bench-releases.ts'

const run = promisify(execFile)

type Values = Record<string, unknown>

/** `helm upgrade` as a person runs it, with the flags the product gives it; its environment is its own. */
export class BareHelm {
  readonly #helm: string
  readonly #chart: string
  readonly #directory: string
  readonly #environment: NodeJS.ProcessEnv

  private constructor(options: { helm: string; kubeconfig: string; chart: string; directory: string }) {
    this.#helm = options.helm
    this.#chart = options.chart
    this.#directory = options.directory
    this.#environment = childEnvironment({
      PATH: process.env.PATH,
      HOME: options.directory,
      KUBECONFIG: options.kubeconfig,
    })
  }

  static async create(options: {
    helm: string
    kubeconfig: string
    chart: string
    directory: string
  }): Promise<BareHelm> {
    await mkdir(options.directory, { recursive: true })
    return new BareHelm(options)
  }

  /** Upgrades one installed release of the product's namespace; `ended` is when the command returned. */
  async startUpgrade(name: string, values: Values): Promise<{ startedAt: number; ended: Promise<number> }> {
    const command = [...flagsOf(namespace, await this.#writeValues(name, values)), '--', name, this.#chart]
    const startedAt = Date.now()
    const ended = run(this.#helm, command, { env: this.#environment }).then(() => Date.now())
    return { startedAt, ended }
  }

  /** Many releases by `xargs -P`, installed where they are not. */
  async upgradeAll(
    names: readonly string[],
    values: Values,
    options: { processes: number; namespace: string },
  ): Promise<{ startedAt: number; endedAt: number }> {
    const command = [
      this.#helm,
      ...flagsOf(options.namespace, await this.#writeValues('all', values)),
      '--install',
      '--',
      '{}',
      this.#chart,
    ]
    const startedAt = Date.now()
    const child = spawn('xargs', ['-P', String(options.processes), '-I', '{}', ...command], {
      env: this.#environment,
      stdio: ['pipe', 'ignore', 'inherit'],
    })
    child.stdin.end(names.join('\n'))
    const [code] = (await once(child, 'close')) as [number | null]
    if (code !== 0) throw new Error(`xargs ended with ${code}`)
    return { startedAt, endedAt: Date.now() }
  }

  async #writeValues(name: string, values: Values): Promise<string> {
    const file = join(this.#directory, `${name}.json`)
    await writeFile(file, JSON.stringify(values))
    return file
  }
}

/** Those of the product (lib/adapters/helm-cli/helm-arguments.ts), with labels and a description of the same length. */
function flagsOf(namespace: string, valuesFile: string): string[] {
  const labels = [
    `${helmLabels.operation}=op-01k00000000000000000000000`,
    `${helmLabels.attempt}=try-01k00000000000000000000000`,
    `${helmLabels.attempt}=try-01k00000000000000000000000`,
    `${helmLabels.commit}=${'0'.repeat(40)}`,
    `${helmLabels.inputs}=${'0'.repeat(40)}`,
  ]
  return [
    'upgrade',
    '--namespace',
    namespace,
    '--values',
    valuesFile,
    '--reset-values',
    '--timeout',
    '300000ms',
    '--history-max',
    '10',
    '--hide-notes',
    '--description=app-0000:dev-0 from commit 012345678901',
    `--labels=${labels.join(',')}`,
  ]
}
