import { execFile } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { stageImage } from '#demo/world/push-image.ts'
import { waitUntil } from '#demo/world/wait-until.ts'
import { installAll, startBenchProduct, type BenchProduct } from './bench-product.ts'
import { pathOf } from './bench-releases.ts'
import type { Context, Figures } from './scenario.ts'

const run = promisify(execFile)
const sizes = [50, 200]
const burstMs = 10_000
const targetCommits = 6
/** A branch without a commit of ours for so long is quiet again. */
const restMs = 6_000
const patienceMs = 120_000

interface Burst {
  images: number
  commits: number
  /** Decided images that stand in the messages of those commits; each once. */
  operations: number
  lost: number
  twice: number
  taggedInMs: number
  /** From the last tag until all stand in Git. */
  inGitAfterMs: number
}

/** 50, then 200 images that appear within 10 s, of as many releases of one repository: commits, and whether all are in them. */
export async function measureBurst(context: Context): Promise<Figures> {
  const most = Math.max(...sizes)
  const bench = await startBenchProduct(most, context)
  try {
    await installAll(bench)
    const bursts: Burst[] = []
    for (const [index, images] of sizes.entries()) {
      const burst = await measureOne(bench, bench.names.slice(0, images), `dev-${index + 1}`)
      context.options.log(JSON.stringify(burst))
      bursts.push(burst)
      await pause(restMs)
    }
    const figure = Math.max(...bursts.map(({ commits }) => commits))
    return {
      figure,
      unit: 'commits',
      baseline: null,
      ratio: null,
      target: '50 and 200 images within 10 s: ≤6 commits, none lost, none twice',
      met: figure <= targetCommits && bursts.every(({ lost, twice }) => lost === 0 && twice === 0),
      details: { bursts },
    }
  } finally {
    await bench.stop()
  }
}

async function measureOne(bench: BenchProduct, names: readonly string[], tag: string): Promise<Burst> {
  const { barePath, branch } = bench.world.git
  const git = async (...args: string[]) => (await run('git', ['--git-dir', barePath, ...args], plenty)).stdout
  const before = (await git('rev-parse', branch)).trim()
  const setTags = await inGroups(names, (name) =>
    stageImage({ registry: bench.world.registry.host, repository: name, tag }),
  )
  const taggedInMs = await tagEvenly(setTags)
  const lastTagAt = performance.now()
  const isWritten = new RegExp(`^ {4}image: .*:${tag}$`, 'gm')
  const written = async () =>
    (await git('show', ...names.map((name) => `${branch}:${pathOf(name)}`))).match(isWritten)?.length ?? 0
  await waitUntil('all are in Git', async () => (await written()) === names.length, { timeoutMs: patienceMs }).catch(
    () => undefined,
  )
  const inGitAfterMs = Math.round(performance.now() - lastTagAt)
  const lost = names.length - (await written())
  const messages = await git('log', '--format=%B', `${before}..${branch}`)
  const operations = messages.match(/^Wheelhouse-Op: \S+$/gm) ?? []
  const changes = (await git('log', '--patch', '--format=', '--unified=0', `${before}..${branch}`)).match(
    new RegExp(`^\\+ {4}image: .*:${tag}$`, 'gm'),
  )
  return {
    images: names.length,
    commits: Number(await git('rev-list', '--count', `${before}..${branch}`)),
    operations: new Set(operations).size,
    lost,
    twice: (changes?.length ?? 0) - (names.length - lost),
    taggedInMs,
    inGitAfterMs,
  }
}

const plenty = { maxBuffer: 64 * 1024 * 1024 }
const groupSize = 20

/** Uploads are not what is measured: a few at a time. */
async function inGroups<T, U>(items: readonly T[], work: (item: T) => Promise<U>): Promise<U[]> {
  const done: U[] = []
  for (let at = 0; at < items.length; at += groupSize)
    done.push(...(await Promise.all(items.slice(at, at + groupSize).map(work))))
  return done
}

/** Spread over the ten seconds; returns how long it really took, in milliseconds. */
async function tagEvenly(setTags: readonly (() => Promise<unknown>)[]): Promise<number> {
  const begun = performance.now()
  const set = setTags.map(async (setTag, index) => {
    await pause(Math.max(0, begun + (index * burstMs) / setTags.length - performance.now()))
    await setTag()
  })
  await Promise.all(set)
  return Math.round(performance.now() - begun)
}
