/**
 * Program: what a build system would do after a merge or a version tag, without building: pushes a new image and
 * prints its reference. `npm run ci-mock -- -r podinfo -b dev` or `-v 0.4.11`.
 */
import { randomInt } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { pushImage } from './world/push-image.ts'
import { WorldProblem } from './world/world-problem.ts'

const usage = `Usage: npm run ci-mock -- -r REPOSITORY (-b BRANCH | -v VERSION) [--sha COMMIT] [--registry HOST:PORT] [--data DIR]

  -r, --repository  name in the registry, such as podinfo or prom/prometheus
  -b, --branch      pushes REPOSITORY:BRANCH-<8 letters and digits>; default master
  -v, --version     pushes REPOSITORY:VERSION
      --sha         commit it was built from: names it in the label, and in the tag of a branch; default random
      --registry    default: the registry of the running demo
      --data        data directory of that demo; default .wheelhouse`

interface Build {
  repository: string
  tag: string
  version: string
  /** For the label. */
  revision: string
  registry: string | undefined
  dataDir: string
}

/** Throws an Error with a sentence for the user when the arguments make no image. */
function readArguments(args: string[]): Build {
  const { values } = parseArgs({
    args,
    options: {
      repository: { type: 'string', short: 'r' },
      branch: { type: 'string', short: 'b' },
      version: { type: 'string', short: 'v' },
      sha: { type: 'string' },
      registry: { type: 'string' },
      data: { type: 'string', default: '.wheelhouse' },
    },
  })
  const { repository, branch, version, sha, registry, data: dataDir } = values
  if (!repository) throw new Error('-r REPOSITORY is missing.')
  if (!/^[a-z0-9]+([._/-]+[a-z0-9]+)*$/.test(repository))
    throw new Error(`${repository} is no repository name: lower-case letters, digits and . _ - / between them.`)
  if (branch && version) throw new Error('-b and -v exclude each other.')
  if (sha !== undefined && !/^[0-9a-f]{8,40}$/.test(sha))
    throw new Error(`${sha} is no commit: 8 to 40 hexadecimal digits, in lower case.`)
  const tag = version ?? `${branch ?? 'master'}-${sha?.slice(0, 8) ?? randomName(8)}`
  if (!/^\w[\w.-]{0,127}$/.test(tag))
    throw new Error(`${tag} is no tag: up to 128 letters, digits and . _ -, not beginning with . or -.`)
  return { repository, tag, version: version ?? '0.4.0', revision: sha ?? randomName(8), registry, dataDir }
}

function randomName(length: number): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789'
  return Array.from({ length }, () => letters[randomInt(letters.length)]).join('')
}

async function registryOfDemo(dataDir: string): Promise<string> {
  const file = join(resolve(dataDir), 'demo.json')
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined)
    throw new WorldProblem(`${file} is not there: start \`npm run demo\` and wait for "ready", or name a --registry.`)
  return (JSON.parse(text) as { registry: string }).registry
}

async function main(): Promise<void> {
  let build: Build
  try {
    build = readArguments(process.argv.slice(2))
  } catch (problem) {
    console.error(`${problem instanceof Error ? problem.message : ''}\n\n${usage}`)
    process.exitCode = 2
    return
  }
  try {
    const { repository, tag, version, revision } = build
    const registry = build.registry ?? (await registryOfDemo(build.dataDir))
    const { reference } = await pushImage({
      registry,
      repository,
      tag,
      labels: { 'org.opencontainers.image.version': version, 'org.opencontainers.image.revision': revision },
    })
    console.log(reference)
  } catch (problem) {
    if (!(problem instanceof WorldProblem)) throw problem
    console.error(problem.message)
    process.exitCode = 1
  }
}

await main()
