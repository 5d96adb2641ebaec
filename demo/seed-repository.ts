import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import { pushImage } from './world/push-image.ts'
import type { GitAddress, Outskirts, RegistryAddress } from './world/types.ts'

const run = promisify(execFile)
const template = join(import.meta.dirname, 'repository')
const dayMs = 24 * 60 * 60 * 1000

/** What the releases of the template run, built in this order. */
const images = [
  { repository: 'sealed-secrets-controller', tag: '0.40.0' },
  { repository: 'redis', tag: '7.2.4' },
  { repository: 'prom/prometheus', tag: 'v2.3.1' },
  { repository: 'prom/alertmanager', tag: 'v0.15.0' },
  { repository: 'nats-streaming', tag: '0.6.0' },
  { repository: 'podinfo', tag: '0.4.10' },
  { repository: 'podinfo', tag: 'stg-9ij63o4c' },
  { repository: 'podinfo', tag: 'dev-kb9lm91e' },
]

/** Pushes the images that the template's releases name and the registry lacks, built yesterday, a minute apart. */
export async function seedImages(registry: RegistryAddress, now = new Date()): Promise<void> {
  for (const [index, { repository, tag }] of images.entries()) {
    if (await hasTag(registry, repository, tag)) continue
    const created = new Date(now.getTime() - dayMs + index * 60_000)
    await pushImage({ registry: registry.host, auth: registry.auth, repository, tag, created })
  }
}

/** Fills the bare repository from the template, unless it has a commit: then it is left exactly as it is. */
export async function seedRepository({ git, registry, chartRepository }: Outskirts): Promise<boolean> {
  if (await hasCommit(git)) return false
  const addresses = { __REGISTRY__: registry.host, __GIT__: git.plainUrl, __CHARTS__: chartRepository.url }
  await commitTo(git, 'Describe the demo', async (directory) => {
    for (const entry of await readdir(template, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue
      const source = join(entry.parentPath, entry.name)
      const text = await readFile(source, 'utf8')
      const filled = Object.entries(addresses).reduce((all, [name, value]) => all.replaceAll(name, value), text)
      const target = join(directory, relative(template, source))
      await mkdir(dirname(target), { recursive: true })
      await writeFile(target, filled)
    }
  })
  return true
}

/** Adds files to the repository as one commit, unless the first of them is there. */
export async function addFiles(git: GitAddress, subject: string, files: Record<string, string>): Promise<boolean> {
  const [first = ''] = Object.keys(files)
  const known = await run('git', ['--git-dir', git.barePath, 'cat-file', '-e', `${git.branch}:${first}`]).catch(
    () => undefined,
  )
  if (known) return false
  await commitTo(git, subject, async (directory) => {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(directory, path)), { recursive: true })
      await writeFile(join(directory, path), content)
    }
  })
  return true
}

/** Clones, changes, commits and pushes; made anew when somebody else pushed meanwhile. */
async function commitTo(git: GitAddress, subject: string, change: (directory: string) => Promise<void>): Promise<void> {
  for (let attemptsLeft = 5; ; attemptsLeft--) {
    const directory = await mkdtemp(join(tmpdir(), 'seed-'))
    const inClone = (...args: string[]) => run('git', ['-C', directory, ...args])
    try {
      await inClone('init', '--quiet', `--initial-branch=${git.branch}`)
      if (await hasCommit(git)) await inClone('pull', '--quiet', git.url, git.branch)
      await change(directory)
      await inClone('add', '--all')
      const author = ['-c', 'user.name=Demo', '-c', 'user.email=demo@wheelhouse.invalid', '-c', 'commit.gpgsign=false']
      await inClone(...author, 'commit', '--quiet', '--message', subject)
      await inClone('push', '--quiet', git.url, `HEAD:refs/heads/${git.branch}`)
      return
    } catch (cause) {
      if (attemptsLeft === 0) throw cause
    } finally {
      await rm(directory, { recursive: true, force: true })
    }
  }
}

async function hasCommit(git: GitAddress): Promise<boolean> {
  return run('git', ['--git-dir', git.barePath, 'rev-parse', '--verify', '--quiet', `refs/heads/${git.branch}`]).then(
    () => true,
    () => false,
  )
}

async function hasTag(registry: RegistryAddress, repository: string, tag: string): Promise<boolean> {
  const headers = new Headers({ accept: 'application/vnd.oci.image.manifest.v1+json' })
  const { auth } = registry
  if (auth) headers.set('authorization', `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`)
  const url = `http://${registry.host}/v2/${repository}/manifests/${tag}`
  return (await fetch(url, { method: 'HEAD', headers })).ok
}
